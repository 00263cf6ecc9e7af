import { bracketed, isIpv6 } from '../../model/address.ts'
import { sha256Hex } from '../../model/canonical.ts'
import type { AcceptIn, ForwarderSpec, Rule } from './spec.ts'

/**
 * Before the usual place of a DNAT (-100): an old one of the gateway's own for the same port would otherwise be first, and
 * what is decided once for a connection is not decided again.
 */
const beforeOthers = 'dstnat - 10'
export const ownPriority = -110

/** What a set remembers of the table's own age: longer than any client is remembered. */
export const loadedSet = 'loaded'
export const loadedSeconds = 366 * 86_400

/** Ours, by its name; two forwarders at one gateway do not meet. */
export const tableOf = (component: string): string =>
  `bascule_forward_${component.replaceAll(/[^A-Za-z0-9]/g, '_')}`

const families = ['ip', 'ip6'] as const
type Family = (typeof families)[number]
const familyOf = (address: string): Family => (isIpv6(address) ? 'ip6' : 'ip')
export const clientSet = (address: string): string => `clients_${familyOf(address)}`

/** A table's whole text. The stamp in its comment says what was rendered: the same stamp, the same rules. */
export function renderTable(component: string, spec: ForwarderSpec): string {
  const body = [
    ...families
      .filter(family => spec.forward.some(rule => familyOf(rule.from) === family))
      .map(family => clients(family, spec.rememberDays)),
    ageSet,
    chain('count', 'filter', 'prerouting', 'mangle', spec.forward.map(countRule)),
    chain('pass_on', 'nat', 'prerouting', beforeOthers, spec.forward.map(passOnRule)),
    chain('answer', 'nat', 'postrouting', 'srcnat - 10', spec.forward.map(answerRule)),
  ].join('\n')
  return `table inet ${tableOf(component)} {\n\tcomment "${stampOf(body)}"\n${body}\n}\n`
}

const stampWord = 'bascule'
const stampOf = (body: string): string => `${stampWord} ${sha256Hex(body).slice(0, 16)}`
/** Of a listing or of our own text; undefined for a table that is not ours. */
export const stampIn = (text: string): string | undefined =>
  new RegExp(`^\\tcomment "(${stampWord} [0-9a-f]{16})"$`, 'm').exec(text)?.[1]

/** An element's timeout begins again with each packet: what is left of it tells when the client last came. */
const clients = (family: Family, days: number): string => `\tset clients_${family} {
\t\ttype ${family === 'ip' ? 'ipv4_addr . ipv4_addr' : 'ipv6_addr . ipv6_addr'} . inet_proto . inet_service
\t\tsize 65535
\t\tflags dynamic,timeout
\t\ttimeout ${days}d
\t}`

/** Its one element is never renewed: it tells since when there are counts at all (a restart begins them anew). */
const ageSet = `\tset ${loadedSet} {
\t\ttype mark
\t\tflags timeout
\t\ttimeout ${loadedSeconds / 86_400}d
\t\telements = { 0x0 }
\t}`

function chain(name: string, type: string, hook: string, priority: string, rules: string[]): string {
  const lines = rules.map(rule => `\t\t${rule}\n`).join('')
  return `\tchain ${name} {\n\t\ttype ${type} hook ${hook} priority ${priority}; policy accept;\n${lines}\t}`
}

/** Every packet that comes for the old address, before its address is changed. A full set counts no more, and passes on. */
function countRule(rule: Rule): string {
  const family = familyOf(rule.from)
  const key = `${family} saddr . ${family} daddr . meta l4proto . th dport`
  return `${asked(rule)} update @${clientSet(rule.from)} { ${key} counter } ${comment(rule.service)}`
}

const passOnRule = (rule: Rule): string =>
  `${asked(rule)} counter dnat ${familyOf(rule.to)} to ${newPlace(rule)} ${comment(rule.service)}`

/** The new site answers whom it was asked by: without this the answer would take another way than the question. */
const answerRule = (rule: Rule): string => `${passedOn(rule)} counter masquerade ${comment(rule.service)}`

const asked = ({ from, protocol, port }: Rule): string =>
  `${familyOf(from)} daddr ${from} ${protocol} dport ${port}`

/** Both ways of a connection that was passed on, by what its client asked for. */
const passedOn = ({ from, protocol, port }: Rule): string =>
  `ct status dnat ct original ${familyOf(from)} daddr ${from} meta l4proto ${protocol} ct original proto-dst ${port}`

const newPlace = ({ to, toPort, port }: Rule): string => `${bracketed(to)}:${toPort ?? port}`

const comment = (text: string): string => `comment "${text}"`

/** By these words the accept rules are found again in a chain that is not ours. */
export const acceptMark = (component: string): string => `bascule ${component}`

/** Put first in a chain of the gateway's own that drops what it does not know. */
export function acceptRules(component: string, spec: ForwarderSpec, { table }: AcceptIn): string[] {
  const [family] = table.split(' ')
  return spec.forward
    .filter(rule => family === 'inet' || family === familyOf(rule.from))
    .map(rule => `${passedOn(rule)} counter accept ${comment(`${acceptMark(component)} ${rule.service}`)}`)
}

export type Placed = { table: string; chain: string; handle: number }

/** Replaces the loaded table by the planned one, in one transaction: `nft -f`. */
export function loadScript(component: string, spec: ForwarderSpec, placed: readonly Placed[]): string {
  return `${takeOut(placed)}${bootScript(component, spec)}`
}

/** The first line of a file of ours: one that begins otherwise is somebody else's, and is left alone. */
export const fileMark = (component: string): string => `# ${acceptMark(component)}`

/** The same for the gateway's boot, and for its administrator who loads it by hand. */
export function bootScript(component: string, spec: ForwarderSpec): string {
  const table = tableOf(component)
  const accepting = spec.acceptIn.flatMap(place =>
    acceptRules(component, spec, place).map(rule => `insert rule ${place.table} ${place.chain} ${rule}\n`),
  )
  return `${fileMark(component)}\nadd table inet ${table}\ndelete table inet ${table}\n${renderTable(component, spec)}${accepting.join('')}`
}

export function removeScript(component: string, isThere: boolean, placed: readonly Placed[]): string {
  return `${takeOut(placed)}${isThere ? `delete table inet ${tableOf(component)}\n` : ''}`
}

const takeOut = (placed: readonly Placed[]): string =>
  placed.map(({ table, chain: name, handle }) => `delete rule ${table} ${name} handle ${handle}\n`).join('')

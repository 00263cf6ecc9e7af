import { isIpv6 } from '../../model/address.ts'
import type { SiteSide } from '../../model/plan.ts'
import { holds } from './cidr.ts'
import { endsOf, type Port } from './fields.ts'
import type { NftablesSpec } from './spec.ts'
import { type Mark, marksOf } from './zones.ts'

export const ownTable = { family: 'inet', name: 'bascule' } as const

type Allow = NftablesSpec['allow'][number] & { number: number }

/**
 * The declaration as an nftables table for a site's gateway. Pure, and always the same text for the same declaration.
 * What the gateway itself sends is left alone: there is no output chain.
 */
export function renderTable(spec: NftablesSpec, side: SiteSide): string {
  const marks = marksOf(spec, side)
  const zones = [...new Set(marks.map(({ zone }) => zone))].sort()
  const rules = new Map(
    zones.flatMap(zone => [
      [`${zone}-in`, toGateway(spec, side, zone)],
      [`${zone}-through`, through(spec, marks, zone)],
    ]),
  )
  /** A zone that may nothing has no chain; it is named all the same, or its packets would pass for a wider zone's. */
  const dispatch = (end: 'in' | 'through') =>
    marks.map(mark => {
      const name = `${mark.zone}-${end}`
      return `${comingBy(mark)} ${rules.get(name)?.length ? `goto ${name}` : 'drop'}`
    })
  const body = [
    baseChain('input', [
      'iifname "lo" accept',
      ...established,
      // without its neighbours an IPv6 gateway reaches nobody
      'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
      ...dispatch('in'),
    ]),
    baseChain('forward', [...established, ...dispatch('through')]),
    ...[...rules].flatMap(([name, lines]) => (lines.length > 0 ? [chain(name, lines)] : [])),
  ]
  return `table ${ownTable.family} ${ownTable.name} {\n${body.join('\n')}}\n`
}

const established = ['ct state vmap { established : accept, related : accept, invalid : drop }']

const chain = (name: string, rules: string[]): string =>
  `\tchain ${name} {\n${rules.map(rule => `\t\t${rule}\n`).join('')}\t}\n`
const baseChain = (hook: 'input' | 'forward', rules: string[]): string =>
  chain(hook, [`type filter hook ${hook} priority filter; policy drop;`, ...rules])

const allowsFrom = (spec: NftablesSpec, zone: string): Allow[] =>
  spec.allow
    .map((allow, index) => ({ ...allow, number: index + 1 }))
    .filter(({ from }) => [from].flat().includes(zone))

function toGateway(spec: NftablesSpec, side: SiteSide, zone: string): string[] {
  return allowsFrom(spec, zone).flatMap(allow =>
    [allow.to].flat().flatMap(place => {
      if (place === 'gateway') return accepts('', 'any', allow, zone, place)
      const addresses = spec.gatewayAddresses[place.replace(/^gateway\./, '')]?.[side]
      if (!place.startsWith('gateway.') || addresses === undefined) return []
      return (['ip', 'ip6'] as const).flatMap(family => {
        const own = addresses.filter(address => isIpv6(address) === (family === 'ip6'))
        return own.length === 0 ? [] : accepts(`${family} daddr ${set(own)} `, family, allow, zone, place)
      })
    }),
  )
}

/** The narrowest network decides here too: what lies in it and is not allowed does not fall through to a wider one. */
function through(spec: NftablesSpec, marks: Mark[], zone: string): string[] {
  const allowed = allowsFrom(spec, zone)
  const ways = marks.map(mark => ({
    mark,
    rules: allowed
      .filter(({ to }) => [to].flat().includes(mark.zone))
      .flatMap(allow => accepts(`${goingTo(mark)} `, mark.family, allow, zone, mark.zone)),
  }))
  return ways.flatMap(({ mark, rules }, index) => {
    const wider = ways.slice(index + 1).some(other => other.rules.length > 0 && covers(other.mark, mark))
    return wider ? [...rules, `${goingTo(mark)} drop`] : rules
  })
}

/** Whether a packet of `inner` may also bear the mark `outer`. */
const covers = (outer: Mark, inner: Mark): boolean =>
  outer.interfaces.some(name => inner.interfaces.includes(name)) &&
  (outer.family === 'any' ||
    inner.networks.some(network => outer.networks.some(wide => holds(wide, network))))

function accepts(match: string, family: Mark['family'], allow: Allow, from: string, to: string): string[] {
  const comment = `comment "allow ${allow.number}: ${from} → ${to}"`
  const rules = [
    ...(['tcp', 'udp'] as const).flatMap(protocol =>
      allow[protocol].length === 0 ? [] : [`${protocol} dport ${set(mergedPorts(allow[protocol]))}`],
    ),
    ...(allow.icmp && family !== 'ip6' ? ['icmp type echo-request'] : []),
    ...(allow.icmp && family !== 'ip' ? ['icmpv6 type echo-request'] : []),
  ]
  return rules.map(rule => `${match}${rule} accept ${comment}`)
}

const comingBy = (mark: Mark): string => `iifname ${quoted(mark.interfaces)}${networksOf(mark, 'saddr')}`
const goingTo = (mark: Mark): string => `oifname ${quoted(mark.interfaces)}${networksOf(mark, 'daddr')}`
const networksOf = ({ family, networks }: Mark, end: 'saddr' | 'daddr'): string =>
  family === 'any' ? '' : ` ${family} ${end} ${set(networks)}`

const quoted = (names: readonly string[]): string => set(names.map(name => `"${name}"`))
const set = (items: readonly string[]): string => `{ ${items.join(', ')} }`

/** In order, without overlaps: nftables refuses a set in which two ranges touch the same port. */
export function mergedPorts(ports: readonly Port[]): string[] {
  const ranges = ports.map(endsOf).sort((left, right) => left.from - right.from || left.to - right.to)
  const merged: { from: number; to: number }[] = []
  for (const range of ranges) {
    const last = merged.at(-1)
    if (last !== undefined && range.from <= last.to + 1) last.to = Math.max(last.to, range.to)
    else merged.push({ ...range })
  }
  return merged.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))
}

import type { ComponentDraft, Discovery, Endpoint, Found, Placed } from '../model/discovery.ts'
import { slug } from '../model/slug.ts'
import type { Text } from '../model/text.ts'
import { destinationOf, free, type Host, movesOf, type Sites } from './hosts.ts'
import { knownProgram, type ProgramGroup } from './known-programs.ts'
import type { KindFound } from './seen.ts'

/** `host`: of the source, where it was found. */
export type Component = {
  id: string
  kind: string
  found: Found
  host: Host
  discovery: Discovery
  needs: string[]
  draft: ComponentDraft
}
/** What was found and is no component, and why. */
export type LeftOut = { host: Host; name: string } & (
  | { group: Exclude<ProgramGroup, 'base' | 'unmovable'> }
  | { group: 'unmovable'; advice: Text }
  | { group: 'stays'; why: Text }
)
type Candidate = KindFound & { host: Host }

const parts = ['network', 'data', 'served', 'switch'] as const

/** The components of the source, in the order of their parts, each with where it goes and what it needs. */
export function componentsOf(sites: Sites): {
  components: Component[]
  leftOut: LeftOut[]
  withheld: Text[]
} {
  const all = sites.source.hosts.flatMap(host => candidatesAt(host))
  const leftOut = sites.source.hosts.flatMap(host => leftOutAt(host, all))
  const chosen = onlyOnes(all.filter(isComponent))
  const holdsData = chosen.some(({ discovery }) => discovery.part === 'data')
  const ordered = chosen
    .filter(({ discovery }) => holdsData || discovery.needsAll !== 'data')
    .toSorted((one, other) => parts.indexOf(one.discovery.part) - parts.indexOf(other.discovery.part))
  const taken = new Set<string>()
  const named = ordered.map(one => ({ ...one, id: free(slug(one.found.name, 'part'), taken) }))
  const { needs, withheld } = needsOf(named)
  const moves = movesOf(sites)
  const components = named.map(one => {
    const placed: Placed = {
      id: one.id,
      found: one.found,
      source: one.host.planned,
      target: destinationOf(one, one.host, sites.target),
      moves,
      reachedAs: namesOf(one, all),
    }
    return { ...one, needs: needs.get(one.id) ?? [], draft: one.discovery.draft(placed) }
  })
  return { components, leftOut, withheld }
}

/** What another kind has found is not also a service; a remainder of two kinds is the first's. */
function candidatesAt(host: Host): Candidate[] {
  const claimed = host.found.filter(({ found }) => found.remainder === undefined).map(({ found }) => found)
  const units = new Set(claimed.flatMap(found => found.units))
  const ports = new Set(claimed.flatMap(found => found.ports))
  const isClaimed = ({ found }: KindFound): boolean =>
    found.remainder !== undefined &&
    (found.units.some(unit => units.has(unit)) ||
      (found.ports.length > 0 && found.ports.every(port => ports.has(port))))
  return host.found.flatMap(one => {
    if (isClaimed(one)) return []
    const { found } = one
    const own = found.remainder === undefined ? found.ports : found.ports.filter(port => !ports.has(port))
    return [{ ...one, found: { ...found, ports: own }, host }]
  })
}

/** Its process or its unit may be known by name. */
const groupOf = ({ remainder, name }: Found) =>
  remainder === undefined ? undefined : (knownProgram(remainder.program) ?? knownProgram(name))

const isComponent = ({ found }: Candidate): boolean =>
  groupOf(found) === undefined && found.stays === undefined

function leftOutAt(host: Host, all: readonly Candidate[]): LeftOut[] {
  const own = all.filter(one => one.host === host)
  const agents = host.packages.flatMap(name => {
    const group = knownProgram(name)?.group
    return group === 'monitoring' || group === 'backup' ? [{ host, name, group }] : []
  })
  const listening = own.flatMap(({ found }): LeftOut[] => {
    const known = groupOf(found)
    if (known === undefined)
      return found.stays === undefined ? [] : [{ host, name: found.name, group: 'stays', why: found.stays }]
    const { name } = found
    if (known.group === 'base') return []
    if (known.group !== 'unmovable') return [{ host, name, group: known.group }]
    return [
      { host, name, group: 'unmovable', advice: { key: known.advice, values: { host: host.ssh, name } } },
    ]
  })
  const seen = new Set(listening.map(one => one.name))
  return [...listening, ...agents.filter(({ name }) => !seen.has(name))]
}

/** Of a kind that is one in an estate the heaviest, and of equals the first. */
function onlyOnes(all: readonly Candidate[]): Candidate[] {
  const heaviest = (discovery: Discovery) =>
    all
      .filter(one => one.discovery === discovery)
      .toSorted((one, other) => (other.found.weight ?? 0) - (one.found.weight ?? 0))[0]
  return all.filter(one => one.discovery.isOne !== true || heaviest(one.discovery) === one)
}

const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(address)

/** Who answers at an address, as seen from a host. */
function answering<One extends Candidate>(
  all: readonly One[],
  from: Host,
  { address, port }: Endpoint,
): One[] {
  const isAt = ({ host }: Candidate): boolean =>
    isLoopback(address) ? host === from : host.facts.addresses.some(one => one.address === address)
  return all.filter(one => one.found.ports.includes(port) && isAt(one))
}

const namesOf = (one: Candidate, all: readonly Candidate[]): Placed['reachedAs'] =>
  all.flatMap(front =>
    (front.found.sends ?? [])
      .filter(({ to }) => answering(all, front.host, to).some(({ found }) => found === one.found))
      .map(({ as }) => ({ name: as, through: front.host.planned.key })),
  )

type Named = Candidate & { id: string }

/** By connections that were open, by where a web server sends requests, by mounts, and by what a kind needs anyway. */
function needsOf(named: readonly Named[]): { needs: Map<string, string[]>; withheld: Text[] } {
  const needs = new Map<string, string[]>(named.map(({ id }) => [id, []]))
  const withheld: Text[] = []
  const add = (from: Named, to: Named): void => {
    const own = needs.get(from.id) ?? []
    if (from === to || own.includes(to.id)) return
    // each needs the other: a plan cannot order that, a person can
    if (leadsTo(needs, to.id, from.id)) {
      const values = { one: from.id, other: to.id }
      withheld.push({ key: 'discover.talk.circle', values })
    } else own.push(to.id)
  }
  for (const one of named) {
    for (const endpoint of usedBy(one)) for (const to of answering(named, one.host, endpoint)) add(one, to)
    for (const to of mountedBy(one, named)) add(one, to)
  }
  for (const one of named)
    for (const to of named) if (to.discovery.part === one.discovery.needsAll) add(one, to)
  return { needs, withheld }
}

function leadsTo(needs: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  return from === to || (needs.get(from) ?? []).some(next => leadsTo(needs, next, to))
}

/** A connection to one of its own ports is somebody else's need. */
function usedBy({ found, host }: Candidate): Endpoint[] {
  const listening = new Set(host.facts.listeners.map(({ port }) => port))
  const open = host.facts.connections.filter(
    ({ unit, local }) => found.units.includes(unit) && !listening.has(local.port),
  )
  return [...open.map(({ peer }) => peer), ...(found.sends ?? []).map(({ to }) => to)]
}

/** A tree mounted over the network is needed by the only service of the host; of several nobody can tell by which. */
function mountedBy(one: Named, named: readonly Named[]): Named[] {
  if (one.discovery.part !== 'served') return []
  const beside = named.filter(({ host, discovery }) => host === one.host && discovery.part === 'served')
  if (beside.length > 1) return []
  return one.host.facts.mounts.flatMap(({ source, type }) => {
    const [, address = '', path = ''] = /^\[?([^\]/]+?)\]?:(\/.*)$/.exec(source) ?? []
    if (!type.startsWith('nfs')) return []
    return named.filter(
      ({ found, host }) =>
        host.facts.addresses.some(other => other.address === address) &&
        found.paths.some(tree => path === tree || path.startsWith(`${tree}/`)),
    )
  })
}

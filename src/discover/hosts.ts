import { isAddress, isIpv6 } from '../model/address.ts'
import type { Destination, Found, PlannedHost } from '../model/discovery.ts'
import type { SiteSide } from '../model/plan.ts'
import { slug } from '../model/slug.ts'
import type { HostSeen, KindFound } from './seen.ts'

/** A host with its place in the plan. `addresses`: by which others may reach it, the likeliest first; one: it is sure. */
export type Host = HostSeen & { planned: PlannedHost; addresses: readonly string[] }
/** `id`: what the names of its hosts have in common, else its side. */
export type SiteSeen = { id: string; hosts: readonly Host[] }
export type Sites = Record<SiteSide, SiteSeen>

export function sitesOf(seen: readonly HostSeen[]): Sites {
  const [source, target] = [siteOf(seen, 'source'), siteOf(seen, 'target')]
  if (source.id !== target.id) return { source, target }
  return { source: { ...source, id: 'source' }, target: { ...target, id: 'target' } }
}

function siteOf(seen: readonly HostSeen[], side: SiteSide): SiteSeen {
  const own = seen.filter(host => host.side === side)
  const names = own.map(({ ssh, facts }) => {
    const bare = ssh.replace(/^.*@/, '').toLowerCase()
    return isAddress(bare) ? facts.name.toLowerCase() : bare
  })
  const [first = ''] = names
  const shared = names.length < 2 ? '' : commonPrefix(names, first)
  const tail = names.length < 2 ? '' : commonDomain(names, first)
  const id = shared === '' ? tail.replace(/^\./, '').split('.')[0] : shared
  const taken = new Set<string>()
  const hosts = own.map((host, index) => {
    const name = names[index] ?? ''
    const key = free(slug(name.slice(shared.length, name.length - tail.length), 'host'), taken)
    const addresses = addressesOf(host)
    return { ...host, addresses, planned: { key, ssh: host.ssh, address: addresses[0] ?? key } }
  })
  return { id: slug(id ?? '', side), hosts }
}

/** Up to a hyphen, so that no word is cut: `paris-` of `paris-db` and `paris-web`. No name may be nothing but it. */
function commonPrefix(names: readonly string[], first: string): string {
  const at = [...first.matchAll(/-/g)].map(({ index }) => first.slice(0, index + 1))
  return (
    at.findLast(prefix => names.every(name => name.startsWith(prefix) && name.length > prefix.length)) ?? ''
  )
}

function commonDomain(names: readonly string[], first: string): string {
  const at = [...first.matchAll(/\./g)].map(({ index }) => first.slice(index))
  return at.find(suffix => names.every(name => name.endsWith(suffix))) ?? ''
}

/** The name, or the first of `name-2`, `name-3` that nobody has. */
export function free(name: string, taken: Set<string>): string {
  let [one, count] = [name, 1]
  while (taken.has(one)) {
    count += 1
    one = `${name}-${count}`
  }
  taken.add(one)
  return one
}

/** The one it has; else the one that ssh came to, where it is one of its own; else all of them, for a person to choose. */
function addressesOf({ facts, reached, ssh }: HostSeen): string[] {
  const own = facts.addresses.map(({ address }) => address)
  const bare = ssh.replace(/^.*@/, '')
  const named = [reached, bare].find(address => own.includes(address))
  const inet = own.filter(address => !isIpv6(address))
  if (named !== undefined) return [named]
  return inet.length > 0 ? inet : own
}

/** Each address of the source, with those that may be its own at the target: of the same part, then of the same interface. */
export function movesOf({ source, target }: Sites): Map<string, readonly string[]> {
  const moves = new Map<string, readonly string[]>()
  for (const host of source.hosts) {
    const same = target.hosts.filter(({ planned }) => planned.key === host.planned.key)
    const others = same.length > 0 ? same : target.hosts
    for (const { interface: device, address } of host.facts.addresses) {
      const family = others.flatMap(({ facts }) =>
        facts.addresses.filter(one => isIpv6(one.address) === isIpv6(address)),
      )
      const near = family.filter(one => one.interface === device)
      const chosen = same.length > 0 && near.length > 0 ? near : family
      moves.set(address, [...new Set(chosen.map(one => one.address))])
    }
  }
  return moves
}

/** Where the same thing is already, and nowhere else; else the host of the same part; else the only one. */
export function destinationOf({ discovery, found }: KindFound, from: Host, target: SiteSeen): Destination {
  const ofKind = (host: Host) => host.found.filter(one => one.discovery === discovery).map(one => one.found)
  const isSame = (one: Found) => one.key === found.key
  const namesakes = target.hosts.filter(({ planned }) => planned.key === from.planned.key)
  const same = target.hosts.filter(host => ofKind(host).some(isSame))
  const choices = [same, same.filter(host => namesakes.includes(host)), namesakes, target.hosts]
  const chosen = choices.find(({ length }) => length === 1)?.[0]
  if (chosen === undefined)
    return { candidates: (same.length > 0 ? same : target.hosts).map(({ planned }) => planned.key) }
  const there = ofKind(chosen)
  const twin = there.find(isSame)
  return { host: chosen.planned, ...(twin && { same: twin }), others: there.filter(one => !isSame(one)) }
}

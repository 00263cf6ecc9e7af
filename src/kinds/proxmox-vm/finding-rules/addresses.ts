import ipaddr from 'ipaddr.js'
import { bare, twins } from '../machine/addresses.ts'
import type { ChangedAddress } from '../spec.ts'
import type { Found, Rule, Seen, Values } from './judgement.ts'

/** Whether the guest's address is what the plan takes it for, and whether it can change. */
export const addresses: Rule = seen => {
  const { network } = seen.spec
  if (network === undefined) return unsaid(seen)
  if ('keep' in network) return present(seen, 'address-to-keep', network.keep)
  return [
    ...present(seen, 'address-not-found', bare(network.source.address)),
    ...wayToChange(seen, network),
    ...files(seen, network),
    ...unmentioned(seen, network),
  ]
}

const named = ({ component, source, spec }: Seen): Values => ({
  machine: component.title,
  vmid: spec.vmid,
  site: source.siteTitle,
  ssh: source.host.ssh,
})

/** Those by which others reach it; undefined where the agent did not tell. */
function seenAddresses({ audit }: Seen): string[] | undefined {
  return audit.guestInterfaces
    ?.flatMap(card => card.addresses)
    .map(bare)
    .filter(address => !/^(127\.|169\.254\.|::1$|fe80:)/i.test(address))
}

function unsaid(seen: Seen): Found[] {
  const list = seenAddresses(seen)
  if (!list?.length) return []
  return [{ name: 'address-unsaid', level: 'warn', values: { ...named(seen), found: list.join(', ') } }]
}

function present(seen: Seen, name: 'address-to-keep' | 'address-not-found', wanted: string): Found[] {
  const list = seenAddresses(seen)
  if (list === undefined || list.includes(wanted)) return []
  return [{ name, level: 'block', values: { ...named(seen), wanted, found: list.join(', ') || '-' } }]
}

function wayToChange(seen: Seen, network: ChangedAddress): Found[] {
  const { cloudInit: hasDrive } = seen.audit
  const values = named(seen)
  if (network.cloudInit)
    return hasDrive === false ? [{ name: 'cloud-init-missing', level: 'block', values }] : []
  const found: Found[] = []
  if (network.files.length === 0) found.push({ name: 'address-no-way', level: 'block', values })
  if (hasDrive) found.push({ name: 'cloud-init-rewrites', level: 'warn', values })
  return found
}

function files(seen: Seen, network: ChangedAddress): Found[] {
  const own = twins(network.source, network.target).map(([from]) => bare(from))
  return (seen.audit.guestFiles ?? []).flatMap(({ path, addresses }): Found[] => {
    const values = { ...named(seen), file: path }
    const planned = network.files.includes(path)
    if (addresses === null) return planned ? [{ name: 'file-unreadable', level: 'block', values }] : []
    const hits = addresses.filter(address => own.includes(address))
    if (planned && hits.length === 0) return [{ name: 'file-without-address', level: 'warn', values }]
    if (planned || hits.length === 0 || network.cloudInit) return []
    return [{ name: 'address-elsewhere', level: 'warn', values: { ...values, found: hits.join(', ') } }]
  })
}

/** Addresses of the source's own network in the guest's files that would go on pointing there. */
function unmentioned(seen: Seen, { source, target }: ChangedAddress): Found[] {
  const known = twins(source, target).map(([from]) => bare(from))
  return (seen.audit.guestFiles ?? []).flatMap(({ path, addresses }): Found[] => {
    const strangers = (addresses ?? []).filter(
      one => inNetworkOf(source.address, one) && !known.includes(one) && !/\.(0|255)$/.test(one),
    )
    if (strangers.length === 0) return []
    const values = { ...named(seen), file: path, found: strangers.join(', ') }
    return [{ name: 'address-unmentioned', level: 'warn', values }]
  })
}

/** `own` has its prefix length: 192.0.2.30/24. */
const inNetworkOf = (own: string, address: string): boolean =>
  ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(own.includes('/') ? own : `${own}/32`))

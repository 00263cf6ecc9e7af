import ipaddr from 'ipaddr.js'
import { bare, twins } from '../machine/addresses.ts'
import type { ChangedAddress } from '../spec.ts'
import type { Found, Rule, Seen, Values } from './judgement.ts'

/** Bridges, VLANs, and the machine's number at the target. */
export const network: Rule = seen => [...bridges(seen), ...vlans(seen), ...cards(seen), ...vmid(seen)]

const at = ({ target }: Seen): Values => ({
  site: target.siteTitle,
  ssh: target.host.ssh,
  node: target.node,
})

function bridges(seen: Seen): Found[] {
  const { audit, spec } = seen
  const there = audit.targetBridges
  if (there === undefined) return []
  const names = [...new Set([spec.target.bridge, spec.target.testBridge])]
  const known = there.map(({ name }) => name).join(', ') || '-'
  const missing = names
    .filter(name => !there.some(bridge => bridge.name === name))
    // One that the token may not use is not in PVE's list: the missing right is what is said then.
    .filter(name => !audit.targetMissingRights?.some(({ path }) => path.endsWith(`/${name}`)))
    .map(
      (bridge): Found => ({
        name: 'bridge-missing',
        level: 'block',
        values: { ...at(seen), bridge, known },
      }),
    )
  const inactive = there
    .filter(({ name, active }) => names.includes(name) && !active)
    .map(
      ({ name: bridge }): Found => ({
        name: 'bridge-down',
        level: 'block',
        values: { ...at(seen), bridge },
      }),
    )
  const test = there.find(({ name }) => name === spec.target.testBridge)
  const open: Found[] =
    test !== undefined && (test.ports.trim() !== '' || spec.target.testBridge === spec.target.bridge)
      ? [
          {
            name: 'test-bridge-open',
            level: 'block',
            values: { ...at(seen), bridge: test.name, ports: test.ports.trim() || '-' },
          },
        ]
      : []
  return [...missing, ...inactive, ...open]
}

function vlans(seen: Seen): Found[] {
  const { audit, spec } = seen
  const { vlan, bridge: name } = spec.target
  const bridge = audit.targetBridges?.find(one => one.name === name)
  if (vlan !== undefined && bridge !== undefined && !bridge.vlanAware)
    return [{ name: 'bridge-vlan-unaware', level: 'warn', values: { ...at(seen), bridge: name, vlan } }]
  const tagged = (audit.cards ?? []).filter(card => card.vlan !== null)
  if (vlan !== undefined || tagged.length === 0) return []
  const cards = tagged.map(card => `${card.slot} ${card.vlan}`).join(', ')
  return [{ name: 'vlan-left-behind', level: 'warn', values: { ...at(seen), cards } }]
}

function cards({ audit, spec, component }: Seen): Found[] {
  const own = audit.cards ?? []
  const found: Found[] = []
  const bridges = new Set(own.map(({ bridge, vlan }) => `${bridge} ${vlan}`))
  const values = { machine: component.title, bridge: spec.target.bridge }
  if (bridges.size > 1) {
    const list = own.map(({ slot, bridge }) => `${slot} ${bridge}`).join(', ')
    found.push({ name: 'cards-merged', level: 'warn', values: { ...values, cards: list } })
  }
  if (!spec.target.keepMac && own.length > 0)
    found.push({
      name: 'mac-changes',
      level: 'warn',
      values: { ...values, macs: own.map(c => c.mac).join(', ') },
    })
  return found
}

function vmid(seen: Seen): Found[] {
  const holder = seen.audit.targetVmidHolder
  if (holder === undefined) return []
  const values = {
    ...at(seen),
    vmid: seen.target.vmid,
    holder: holder.name || '?',
    holderNode: holder.node || '?',
  }
  return holder.ours
    ? [{ name: 'vmid-ours', level: 'ok', values }]
    : [{ name: 'vmid-taken', level: 'block', values }]
}

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

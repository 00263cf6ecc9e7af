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

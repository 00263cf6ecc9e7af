import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component, Plan, SiteSide } from '../../model/plan.ts'
import type { RunMode } from '../../model/step.ts'
import { composed } from '../../model/text.ts'
import type { SeenGateway, Ways } from './audit.ts'
import { plainNetwork } from './cidr.ts'
import { wayInValues } from './failures.ts'
import { firstOf } from './matrix/look.ts'
import { targetsOf } from './matrix/targets.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'
import { isPlaced } from './zones.ts'

type Values = Record<string, string | number>
type Found = { name: string; level: FindingLevel; values: Values; sentence?: string }
type SidesWays = Record<SiteSide, Ways>

/** What the gateways and the ways through them mean for the migration. */
export function firewallFindings(component: Component, facts: Facts, { plan, mode }: PlanContext): Finding[] {
  const value = <Type>(name: string) => facts[name]?.value as (Type & Json) | undefined
  const sides = (['source', 'target'] as const).flatMap(side => {
    const seen = value<SeenGateway>(side)
    return seen === undefined ? [] : [{ at: gatewayAt(component, plan, side), seen }]
  })
  const found = [
    ...sides.flatMap(({ at, seen }) => [...gatewayFindings(at, seen), ...addressFindings(at, seen)]),
    ...sides.filter(({ at }) => at.side === 'target').flatMap(({ at, seen }) => targetFindings(at, seen)),
    ...zoneFindings(component, plan),
    ...wayFindings(component, plan, mode, {
      open: value<SidesWays>('wronglyOpen'),
      closed: value<SidesWays>('wronglyClosed'),
      different: value<Ways>('sitesDifferent'),
      unseen: value<string[]>('unseen') ?? [],
      tried: value<number>('tried') ?? 0,
    }),
  ]
  return found.map(({ name, level, values, sentence = `finding.${name}` }) => ({
    id: `${component.id}.${name}`,
    component: component.id,
    level,
    text: { key: composed(`nftables.${sentence}`), values },
    ...(level === 'ok' ? {} : { remedy: { key: composed(`nftables.${sentence}.remedy`), values } }),
  }))
}

function gatewayFindings(at: GatewaySide, seen: SeenGateway): Found[] {
  const host = at.host.ssh
  const found: Found[] = []
  if (!seen.forwarding) found.push({ name: 'not-forwarding', level: 'warn', values: { host } })
  if (seen.legacyTables.length > 0)
    found.push({ name: 'legacy', level: 'warn', values: { host, tables: seen.legacyTables.join(', ') } })
  return found
}

/** Strangers come by the interfaces of a zone without networks: an address there that nobody declared is one nobody looks at. */
function addressFindings(at: GatewaySide, seen: SeenGateway): Found[] {
  const declared = [at.host.address, ...Object.values(at.spec.gatewayAddresses).flatMap(one => one[at.side])]
  const known = new Set(declared.filter(one => /^[\d.]+$|:/.test(one)).map(plainNetwork))
  const outer = Object.values(at.spec.zones)
    .map(zone => zone[at.side])
    .flatMap(({ interfaces, networks }) => (networks.length === 0 ? interfaces : []))
  const unlisted = seen.addresses
    .filter(one => outer.includes(one.interface))
    .map(({ address }) => address.split('/')[0] ?? '')
    .filter(address => !known.has(plainNetwork(address)))
  if (unlisted.length === 0) return []
  return [
    {
      name: 'address-unlisted',
      level: 'warn',
      values: { host: at.host.ssh, addresses: unlisted.join(', ') },
    },
  ]
}

function targetFindings(at: GatewaySide, seen: SeenGateway): Found[] {
  const host = at.host.ssh
  const found: Found[] = []
  const missing = [...(seen.nft === '' ? ['nftables'] : []), ...(seen.bash ? [] : ['bash'])]
  if (missing.length > 0)
    found.push({ name: 'missing', level: 'block', values: { host, programs: missing.join(', ') } })
  if (seen.wayIn !== null && !seen.letsIn)
    found.push({
      name: 'locked-out',
      level: 'block',
      sentence: 'lockedOut',
      values: wayInValues(at, seen.wayIn),
    })
  if (seen.wayIn === null) found.push({ name: 'way-in-unknown', level: 'warn', values: { host } })
  if (seen.notRestorable !== '' && seen.nft !== '')
    found.push({
      name: 'not-restorable',
      level: 'block',
      sentence: 'notRestorable',
      values: { host, detail: seen.notRestorable },
    })
  if (at.spec.replaces === 'own-table' && seen.droppingElsewhere.length > 0) {
    const chains = seen.droppingElsewhere.map(({ table, chain }) => `${table} ${chain}`).join(', ')
    found.push({ name: 'other-filter', level: 'warn', values: { host, chains } })
  }
  if (seen.bridgedIsFiltered) found.push({ name: 'bridged-filtered', level: 'warn', values: { host } })
  if (!['', 'enabled'].includes(seen.bootService))
    found.push({ name: 'not-at-boot', level: 'warn', values: { host, state: seen.bootService } })
  if (seen.takenBack !== '')
    found.push({ name: 'taken-back', level: 'warn', values: { host, when: seen.takenBack } })
  if (seen.passing.length > 0)
    found.push({ name: 'vlan-passing', level: 'warn', values: { host, vlans: seen.passing.join(', ') } })
  found.push(...interfaceFindings(at, seen))
  for (const { vlan, key, what } of seen.obstacles)
    found.push({
      name: `vlan-${vlan}`,
      level: 'block',
      sentence: `vlan.${key}`,
      values: { host, vlan, what },
    })
  return found
}

/** Of the target: an interface that is neither there nor made by a VLAN of the plan. A zone made later brings its own. */
function interfaceFindings(at: GatewaySide, seen: SeenGateway): Found[] {
  const made = at.spec.vlans.map(({ target }) => target.bridge)
  const missing = Object.entries(at.spec.zones).flatMap(([zone, sides]) =>
    (sides[at.side].later ? [] : sides[at.side].interfaces)
      .filter(name => !seen.interfaces.includes(name) && !made.includes(name.split('.')[0] ?? ''))
      .map(name => `${name} (${zone})`),
  )
  if (missing.length === 0) return []
  return [
    {
      name: 'interface-missing',
      level: 'warn',
      values: { host: at.host.ssh, interfaces: missing.join(', ') },
    },
  ]
}

/** Nothing reaches a host of no zone through the gateway, and it reaches nothing. */
function zoneFindings(component: Component, plan: Plan): Found[] {
  const { spec } = gatewayAt(component, plan, 'target')
  const lost = targetsOf(component, plan)
    .filter(({ isGateway, side, address }) => !isGateway && !isPlaced(spec, side, address))
    .map(({ name, address }) => `${name} (${address})`)
  return lost.length === 0
    ? []
    : [{ name: 'host-in-no-zone', level: 'warn', values: { hosts: lost.join(', ') } }]
}

type Seen = {
  open: SidesWays | undefined
  closed: SidesWays | undefined
  different: Ways | undefined
  unseen: string[]
  tried: number
}

/** Before its preparation the target is as it was delivered: that is told, and blocks nothing. */
function wayFindings(component: Component, plan: Plan, mode: RunMode, seen: Seen): Found[] {
  const { open, closed, different, unseen, tried } = seen
  if (open === undefined || closed === undefined || different === undefined) return []
  const level = mode === 'preparation' ? 'warn' : 'block'
  const wrong = (['source', 'target'] as const).flatMap(side => {
    const { siteTitle, host } = gatewayAt(component, plan, side)
    const values = (ways: Ways): Values => {
      return { site: siteTitle, host: host.ssh, count: ways.count, ways: firstOf(ways.first, 8) }
    }
    return [
      ...(open[side].count > 0
        ? [
            {
              name: `wrongly-open-${side}`,
              level,
              sentence: 'finding.wrongly-open',
              values: values(open[side]),
            } as const,
          ]
        : []),
      ...(closed[side].count > 0
        ? [
            {
              name: `wrongly-closed-${side}`,
              level,
              sentence: 'finding.wrongly-closed',
              values: values(closed[side]),
            } as const,
          ]
        : []),
    ]
  })
  const differing: Found[] =
    different.count > 0 && mode !== 'preparation'
      ? [
          {
            name: 'sites-differ',
            level,
            values: { count: different.count, ways: firstOf(different.first, 8) },
          },
        ]
      : []
  const blind: Found[] =
    unseen.length > 0 ? [{ name: 'unseen', level: 'warn', values: { vantages: firstOf(unseen, 8) } }] : []
  const good: Found[] =
    wrong.length + differing.length + blind.length === 0
      ? [{ name: 'as-declared', level: 'ok', values: { tried } }]
      : []
  return [...wrong, ...differing, ...blind, ...good]
}

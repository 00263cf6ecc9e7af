import { isAddress } from '../../model/address.ts'
import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { plainNetwork } from './cidr.ts'
import type { AboutFirewall, FirewallFacts, Flows, SeenGateway } from './facts.ts'
import { adminConnectionValues, obstacleSentences } from './failures.ts'
import { firstOf } from './matrix/flows.ts'
import { targetsOf } from './matrix/targets.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'
import { isPlaced } from './zones.ts'

/** The sentence of each rule, and its remedy where there is something to do. */
const sentences = {
  'as-declared': { text: 'nftables.finding.as-declared' },
  'wrongly-open': { text: 'nftables.finding.wrongly-open', remedy: 'nftables.finding.wrongly-open.remedy' },
  'wrongly-closed': {
    text: 'nftables.finding.wrongly-closed',
    remedy: 'nftables.finding.wrongly-closed.remedy',
  },
  'sites-differ': { text: 'nftables.finding.sites-differ', remedy: 'nftables.finding.sites-differ.remedy' },
  unseen: { text: 'nftables.finding.unseen', remedy: 'nftables.finding.unseen.remedy' },
  missing: { text: 'nftables.finding.missing', remedy: 'nftables.finding.missing.remedy' },
  'way-in-unknown': {
    text: 'nftables.finding.way-in-unknown',
    remedy: 'nftables.finding.way-in-unknown.remedy',
  },
  'other-filter': { text: 'nftables.finding.other-filter', remedy: 'nftables.finding.other-filter.remedy' },
  legacy: { text: 'nftables.finding.legacy', remedy: 'nftables.finding.legacy.remedy' },
  'not-forwarding': {
    text: 'nftables.finding.not-forwarding',
    remedy: 'nftables.finding.not-forwarding.remedy',
  },
  'bridged-filtered': {
    text: 'nftables.finding.bridged-filtered',
    remedy: 'nftables.finding.bridged-filtered.remedy',
  },
  'not-at-boot': { text: 'nftables.finding.not-at-boot', remedy: 'nftables.finding.not-at-boot.remedy' },
  'taken-back': { text: 'nftables.finding.taken-back', remedy: 'nftables.finding.taken-back.remedy' },
  'address-unlisted': {
    text: 'nftables.finding.address-unlisted',
    remedy: 'nftables.finding.address-unlisted.remedy',
  },
  'interface-missing': {
    text: 'nftables.finding.interface-missing',
    remedy: 'nftables.finding.interface-missing.remedy',
  },
  'vlan-passing': { text: 'nftables.finding.vlan-passing', remedy: 'nftables.finding.vlan-passing.remedy' },
  'host-in-no-zone': {
    text: 'nftables.finding.host-in-no-zone',
    remedy: 'nftables.finding.host-in-no-zone.remedy',
  },
  'locked-out': { text: 'nftables.lockedOut', remedy: 'nftables.lockedOut.remedy' },
  'not-restorable': { text: 'nftables.notRestorable', remedy: 'nftables.notRestorable.remedy' },
} as const satisfies Record<string, { text: MessageKey; remedy?: MessageKey }>

type Values = Record<string, string | number>
type Said = { text: MessageKey; remedy?: MessageKey }
/** `rule` where it is not the name of its sentence. */
type Found = { level: FindingLevel; values: Values } & (
  | { name: keyof typeof sentences; rule?: string }
  | { rule: string; said: Said }
)

/** What the gateways and the flows through them mean for the migration. */
export function findings(about: AboutFirewall): Judgement[] {
  const { facts } = about
  const sides = (['source', 'target'] as const).flatMap(side => {
    const seen = facts[side]
    return seen === undefined ? [] : [{ at: gatewayAt(about, side), seen }]
  })
  const found = [
    ...sides.flatMap(({ at, seen }) => [...gatewayFindings(at, seen), ...addressFindings(at, seen)]),
    ...sides.filter(({ at }) => at.side === 'target').flatMap(({ at, seen }) => targetFindings(at, seen)),
    ...zoneFindings(about),
    ...flowFindings(about, facts),
  ]
  return found.map(one => {
    const { level, values } = one
    const rule = 'said' in one ? one.rule : (one.rule ?? one.name)
    const { text, remedy }: Said = 'said' in one ? one.said : sentences[one.name]
    return { rule, level, text: { key: text, values }, ...(remedy && { remedy: { key: remedy, values } }) }
  })
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
  const known = new Set(declared.filter(isAddress).map(plainNetwork))
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
      values: adminConnectionValues(at, seen.wayIn),
    })
  if (seen.wayIn === null) found.push({ name: 'way-in-unknown', level: 'warn', values: { host } })
  if (seen.notRestorable !== '' && seen.nft !== '')
    found.push({
      name: 'not-restorable',
      level: 'block',
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
      rule: `vlan-${vlan}`,
      level: 'block',
      said: obstacleSentences[key],
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
function zoneFindings(about: AboutFirewall): Found[] {
  const { spec } = about
  const lost = targetsOf(about)
    .filter(({ isGateway, side, address }) => !isGateway && !isPlaced(spec, side, address))
    .map(({ name, address }) => `${name} (${address})`)
  return lost.length === 0
    ? []
    : [{ name: 'host-in-no-zone', level: 'warn', values: { hosts: lost.join(', ') } }]
}

/** Before its preparation the target is as it was delivered: that is told, and blocks nothing. */
function flowFindings(about: AboutFirewall, facts: FirewallFacts): Found[] {
  const { wronglyOpen: open, wronglyClosed: closed, sitesDifferent: different, unseen = [] } = facts
  if (open === undefined || closed === undefined || different === undefined) return []
  const level = about.mode === 'preparation' ? 'warn' : 'block'
  const wrong = (['source', 'target'] as const).flatMap((side): Found[] => {
    const { siteTitle, host } = gatewayAt(about, side)
    const values = (flows: Flows): Values => {
      return { site: siteTitle, host: host.ssh, count: flows.count, ways: firstOf(flows.first, 8) }
    }
    const named = (name: 'wrongly-open' | 'wrongly-closed', flows: Flows): Found[] =>
      flows.count > 0 ? [{ name, rule: `${name}-${side}`, level, values: values(flows) }] : []
    return [...named('wrongly-open', open[side]), ...named('wrongly-closed', closed[side])]
  })
  const { count, first } = different
  const differing: Found[] =
    count > 0 && about.mode !== 'preparation'
      ? [{ name: 'sites-differ', level, values: { count, ways: firstOf(first, 8) } }]
      : []
  const blind: Found[] =
    unseen.length > 0 ? [{ name: 'unseen', level: 'warn', values: { vantages: firstOf(unseen, 8) } }] : []
  const good: Found[] =
    wrong.length + differing.length + blind.length === 0
      ? [{ name: 'as-declared', level: 'ok', values: { tried: facts.tried ?? 0 } }]
      : []
  return [...wrong, ...differing, ...blind, ...good]
}

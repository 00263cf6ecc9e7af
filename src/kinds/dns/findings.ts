import { isIpv6 } from '../../model/address.ts'
import type { FindingLevel } from '../../model/fact.ts'
import type { MessageKey } from '../../model/text.ts'
import type { About, Judgement } from '../kit/kind-parts.ts'
import type {
  Known,
  NameServer,
  SeenAddress,
  SeenRecord,
  SeenResolver,
  SeenServer,
  Spec,
  Ttls,
} from './facts.ts'
import { providerOf } from './providers/index.ts'
import type { ChangeAnswer } from './providers/provider.ts'
import { plainData, sameData } from './record-data.ts'
import { type DnsSpec, recordsOf, zoneTitle } from './spec.ts'
import { answerText, isBroken } from './update-answer.ts'
import { addressOf, isBehind } from './zone.ts'

/** Level and sentences of each finding; how grave some of them are depends on the day. */
const rules = {
  'server-silent': ['block', 'dns.finding.server-silent', 'dns.finding.server-silent.remedy'],
  'server-left-out': ['warn', 'dns.finding.server-left-out', 'dns.finding.server-silent.remedy'],
  'zone-missing': ['block', 'dns.finding.zone-missing', 'dns.finding.zone-missing.remedy'],
  'secondary-behind': ['block', 'dns.finding.secondary-behind', 'dns.finding.secondary-behind.remedy'],
  'secondary-ahead': ['block', 'dns.finding.secondary-ahead', 'dns.finding.secondary-ahead.remedy'],
  'not-authoritative': ['block', 'dns.finding.not-authoritative', 'dns.finding.not-authoritative.remedy'],
  'record-differs': ['block', 'dns.finding.record-differs', 'dns.finding.record-differs.remedy'],
  'records-agree': ['ok', 'dns.finding.records-agree'],
  'address-unplanned': ['warn', 'dns.finding.address-unplanned', 'dns.finding.address-unplanned.remedy'],
  'ttl-high': ['warn', 'dns.finding.ttl-high', 'dns.finding.ttl-high.remedy'],
  'resolver-silent': ['warn', 'dns.finding.resolver-silent', 'dns.finding.resolver-silent.remedy'],
  'resolver-differs': ['warn', 'dns.finding.resolver-differs', 'dns.finding.resolver-differs.remedy'],
  'resolver-keeps-longer': [
    'warn',
    'dns.finding.resolver-keeps-longer',
    'dns.finding.resolver-keeps-longer.remedy',
  ],
  'server-unlisted': ['warn', 'dns.finding.server-unlisted', 'dns.finding.server-unlisted.remedy'],
  'ttl-too-low': ['block', 'dns.finding.ttl-too-low', 'dns.finding.ttl-too-low.remedy'],
  'one-by-one': ['warn', 'dns.finding.one-by-one', 'dns.finding.one-by-one.remedy'],
  staged: ['warn', 'dns.finding.staged', 'dns.finding.staged.remedy'],
  'credential-exposed': ['warn', 'dns.finding.credential-exposed', 'dns.finding.credential-exposed.remedy'],
  'compared-before': ['ok', 'dns.finding.compared-before'],
} as const satisfies Record<string, readonly [level: FindingLevel, text: MessageKey, remedy?: MessageKey]>

type Values = Record<string, string | number>
type Found = { rule: keyof typeof rules; level?: FindingLevel; values: Values }

export function findings(about: About<Spec, Known>): Judgement[] {
  const { facts, spec } = about
  if (Object.keys(facts).length === 0) return []
  const servers = serverFindings(spec, facts.servers ?? [], facts.primary)
  const outOfStep = new Set(servers.map(({ values }) => values.server))
  const resolvers = facts.resolvers ?? []
  const found = [
    ...servers,
    ...recordFindings(spec, facts.records ?? [], outOfStep),
    ...addressFindings(spec, facts.otherAddresses ?? []),
    ...providerFindings(spec),
    ...ttlFindings(spec, facts.ttlSeconds ?? 0, about),
    ...resolverFindings(spec, resolvers),
    ...stubbornFindings(resolvers, facts.ttlByRecord ?? {}),
    ...unlistedFindings(spec, facts.nameServers ?? []),
  ]
  const differs = found.some(({ rule }) => rule === 'record-differs')
  return [...found.map(judged), ...unprovenFindings(spec), ...updateFindings(spec, facts.update, differs)]
}

function judged({ rule, level, values }: Found): Judgement {
  const [usual, text, remedy]: readonly [FindingLevel, MessageKey, MessageKey?] = rules[rule]
  return {
    rule,
    level: level ?? usual,
    text: { key: text, values },
    ...(remedy && { remedy: { key: remedy, values } }),
  }
}

function serverFindings(spec: DnsSpec, servers: SeenServer[], primary: SeenServer | undefined): Found[] {
  const primarySerial = primary?.serial ?? null
  const excused = new Map(spec.servers.map(one => [addressOf(one), one.mayBeLeftOut]))
  return servers.flatMap(({ server, serial, silence, code }): Found[] => {
    const reason = excused.get(server)
    if (silence !== null && reason !== undefined)
      return [{ rule: 'server-left-out', values: { server, silence, reason } }]
    if (silence !== null) return [{ rule: 'server-silent', values: { server, silence } }]
    if (primary === undefined || primarySerial === null || serial === primarySerial) return []
    const values = { server, zone: zoneTitle(spec), primary: primary.server, primarySerial }
    if (serial === null) return [{ rule: 'zone-missing', values: { ...values, code } }]
    const rule = isBehind(serial, primarySerial) ? 'secondary-behind' : 'secondary-ahead'
    return [{ rule, values: { ...values, serial } }]
  })
}

/** Of the servers that hold the zone as the primary does: what another one says of a record is not the record's fault. */
function recordFindings(spec: DnsSpec, seen: SeenRecord[], outOfStep: Set<unknown>): Found[] {
  const records = recordsOf(spec)
  const inStep = seen.filter(({ server }) => !outOfStep.has(server))
  const wrong = records.flatMap(({ key, type, source }) =>
    inStep
      .filter(({ record }) => record === key)
      .flatMap(({ server, data, authoritative, code }): Found[] => {
        const said = data.join(', ') || code
        const values = { server, record: key, said, planned: source.join(', ') || '-' }
        if (!authoritative) return [{ rule: 'not-authoritative', values }]
        return sameData(type, data, source) ? [] : [{ rule: 'record-differs', values }]
      }),
  )
  if (wrong.length > 0 || inStep.length === 0) return wrong
  const servers = new Set(inStep.map(({ server }) => server)).size
  return [{ rule: 'records-agree', values: { records: records.length, servers } }]
}

const addressFindings = (spec: DnsSpec, others: SeenAddress[]): Found[] =>
  others.map(({ record, data }) => ({
    rule: 'address-unplanned',
    values: { zone: zoneTitle(spec), record, data: data.join(', ') },
  }))

/** Before the night it can still be lowered; in the night its wait would come on top of the window. */
function ttlFindings(spec: DnsSpec, ttlSeconds: number, { plan, mode }: About<Spec, Known>): Found[] {
  if (ttlSeconds <= spec.lowTtlSeconds) return []
  const values = { ttlSeconds, lowTtlSeconds: spec.lowTtlSeconds, windowMinutes: plan.window.lengthMinutes }
  return [{ rule: 'ttl-high', level: mode === 'live' ? 'block' : 'warn', values }]
}

function resolverFindings(spec: DnsSpec, seen: SeenResolver[]): Found[] {
  const silent = new Map(
    seen.flatMap(({ server, silence }) => (silence === null ? [] : [[server, silence] as const])),
  )
  const stale = seen.filter(({ record, data, silence }) => {
    const planned = recordsOf(spec).find(({ key }) => key === record)
    return silence === null && planned !== undefined && !sameData(planned.type, data, planned.source)
  })
  return [
    ...[...silent].map(
      ([server, silence]): Found => ({ rule: 'resolver-silent', values: { server, silence } }),
    ),
    ...stale.map(
      ({ server, record, data }): Found => ({
        rule: 'resolver-differs',
        values: { server, record, said: data.join(', ') || '-' },
      }),
    ),
  ]
}

/** It tells how long it still keeps a record: longer than the zone lets anybody. One finding for each, of its longest. */
function stubbornFindings(seen: SeenResolver[], ttls: Ttls): Found[] {
  const longest = new Map<string, SeenResolver>()
  for (const one of seen) {
    const isLonger = one.ttlSeconds > (longest.get(one.server)?.ttlSeconds ?? 0)
    if (isLonger && one.ttlSeconds > (ttls[one.record] ?? one.ttlSeconds)) longest.set(one.server, one)
  }
  return [...longest.values()].map(({ server, record, ttlSeconds }) => ({
    rule: 'resolver-keeps-longer',
    values: { server, record, keptSeconds: ttlSeconds, ttlSeconds: ttls[record] ?? 0 },
  }))
}

function unlistedFindings(spec: DnsSpec, nameServers: NameServer[]): Found[] {
  const listed = new Set(spec.servers.map(({ address }) => plain(address)))
  return nameServers
    .filter(({ addresses }) => addresses.length > 0 && !addresses.some(address => listed.has(plain(address))))
    .map(({ name, addresses }) => ({
      rule: 'server-unlisted',
      values: { name, addresses: addresses.join(', '), zone: zoneTitle(spec) },
    }))
}

const plain = (address: string) => (isIpv6(address) ? plainData('AAAA', address) : address)

/** What the provider cannot do, or has not shown yet. Nothing of it depends on what was audited. */
function providerFindings(spec: DnsSpec): Found[] {
  const { capabilities, exposed, names } = providerOf(spec)
  const { atomic, minimumTtlSeconds, prerequisites } = capabilities
  const { server, reference } = names(spec.zone)
  const { zone, lowTtlSeconds } = spec
  const values = { server, reference, zone, lowTtlSeconds, minimumTtlSeconds }
  const holding: [boolean, Found['rule']][] = [
    [lowTtlSeconds < minimumTtlSeconds, 'ttl-too-low'],
    [atomic === 'none', 'one-by-one'],
    [atomic === 'staged', 'staged'],
    [exposed, 'credential-exposed'],
    [prerequisites === 'compared-before', 'compared-before'],
  ]
  return holding.filter(([holds]) => holds).map(([, rule]) => ({ rule, values }))
}

function unprovenFindings(spec: DnsSpec): Judgement[] {
  const { unproven } = providerOf(spec)
  if (unproven === undefined) return []
  const remedy = { key: 'dns.finding.provider-unproven.remedy' } as const
  return [{ rule: 'provider-unproven', level: 'warn', text: unproven, remedy }]
}

/** A record that differs breaks the prerequisites of the tried update too; once is enough to tell it. */
function updateFindings(spec: DnsSpec, answer: ChangeAnswer | undefined, differs: boolean): Judgement[] {
  if (!answer || answer.code === 'NOERROR' || (isBroken(answer.code) && differs)) return []
  return [{ rule: 'update-refused', level: 'block', ...answerText(answer, spec) }]
}

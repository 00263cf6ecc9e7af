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
import { rules } from './finding-rules.ts'
import { providerOf } from './providers/index.ts'
import type { ChangeAnswer } from './providers/provider.ts'
import { plainData, sameData } from './record-data.ts'
import { type DnsSpec, recordsOf, zoneTitle } from './spec.ts'
import { answerText, isBroken } from './update-answer.ts'
import { addressOf, isBehind } from './zone.ts'

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
  const sentences: { level: FindingLevel; text: MessageKey; remedy?: MessageKey } = rules[rule]
  return {
    rule,
    level: level ?? sentences.level,
    text: { key: sentences.text, values },
    ...(sentences.remedy && { remedy: { key: sentences.remedy, values } }),
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

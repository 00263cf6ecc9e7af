import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import type { SeenRecord, SeenResolver, SeenServer } from './audit.ts'
import type { SeenAddress } from './beside.ts'
import { plainData, sameData } from './data.ts'
import { answerText, isBroken } from './failures.ts'
import type { ChangeAnswer } from './provider.ts'
import { providerFindings } from './provider-findings.ts'
import { recordsOf, zoneTitle } from './records.ts'
import { type DnsSpec, parseSpec } from './spec.ts'
import { auditedTtls, type Ttls } from './ttl.ts'
import { isBehind } from './zone.ts'

type Values = Record<string, string | number>
type Found = { id: string; level: FindingLevel; values: Values }

export function dnsFindings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  if (Object.keys(facts).length === 0) return []
  const spec = parseSpec(component.spec)
  const value = <Type>(name: string) => facts[name]?.value as Type & Json
  const servers = serverFindings(
    spec,
    value<SeenServer[]>('servers') ?? [],
    value<SeenServer | undefined>('primary'),
  )
  const outOfStep = new Set(servers.map(({ values }) => values.server))
  const resolvers = value<SeenResolver[]>('resolvers') ?? []
  const found = [
    ...servers,
    ...recordFindings(spec, value<SeenRecord[]>('records') ?? [], outOfStep),
    ...addressFindings(spec, value<SeenAddress[]>('otherAddresses') ?? []),
    ...providerFindings(spec),
    ...ttlFindings(spec, value<number>('ttlSeconds') ?? 0, context),
    ...resolverFindings(spec, resolvers),
    ...stubbornFindings(resolvers, auditedTtls(facts)),
    ...unlistedFindings(spec, value<{ name: string; addresses: string[] }[]>('nameServers') ?? []),
  ].map(({ id, level, values }): Finding => {
    const finding: Finding = {
      id,
      component: component.id,
      level,
      text: { key: composed(`dns.finding.${id}`), values },
    }
    return level === 'ok'
      ? finding
      : { ...finding, remedy: { key: composed(`dns.finding.${id}.remedy`), values } }
  })
  const differs = found.some(({ id }) => id === 'record-differs')
  return [...found, ...updateFindings(component.id, spec, value<ChangeAnswer>('update'), differs)]
}

function serverFindings(spec: DnsSpec, servers: SeenServer[], primary: SeenServer | undefined): Found[] {
  const primarySerial = primary?.serial ?? null
  return servers.flatMap(({ server, serial, silence, code }): Found[] => {
    if (silence !== null) return [{ id: 'server-silent', level: 'block', values: { server, silence } }]
    if (primary === undefined || primarySerial === null || serial === primarySerial) return []
    const values = { server, zone: zoneTitle(spec), primary: primary.server, primarySerial }
    if (serial === null) return [{ id: 'zone-missing', level: 'block', values: { ...values, code } }]
    const id = isBehind(serial, primarySerial) ? 'secondary-behind' : 'secondary-ahead'
    return [{ id, level: 'block', values: { ...values, serial } }]
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
        if (!authoritative) return [{ id: 'not-authoritative', level: 'block', values }]
        return sameData(type, data, source) ? [] : [{ id: 'record-differs', level: 'block', values }]
      }),
  )
  if (wrong.length > 0 || inStep.length === 0) return wrong
  const servers = new Set(inStep.map(({ server }) => server)).size
  return [{ id: 'records-agree', level: 'ok', values: { records: records.length, servers } }]
}

const addressFindings = (spec: DnsSpec, others: SeenAddress[]): Found[] =>
  others.map(({ record, data }) => ({
    id: 'address-unplanned',
    level: 'warn',
    values: { zone: zoneTitle(spec), record, data: data.join(', ') },
  }))

/** Before the night it can still be lowered; in the night its wait would come on top of the window. */
function ttlFindings(spec: DnsSpec, ttlSeconds: number, { plan, mode }: PlanContext): Found[] {
  if (ttlSeconds <= spec.lowTtlSeconds) return []
  const values = { ttlSeconds, lowTtlSeconds: spec.lowTtlSeconds, windowMinutes: plan.window.lengthMinutes }
  return [{ id: 'ttl-high', level: mode === 'live' ? 'block' : 'warn', values }]
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
      ([server, silence]): Found => ({ id: 'resolver-silent', level: 'warn', values: { server, silence } }),
    ),
    ...stale.map(
      ({ server, record, data }): Found => ({
        id: 'resolver-differs',
        level: 'warn',
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
    id: 'resolver-keeps-longer',
    level: 'warn',
    values: { server, record, keptSeconds: ttlSeconds, ttlSeconds: ttls[record] ?? 0 },
  }))
}

function unlistedFindings(spec: DnsSpec, nameServers: { name: string; addresses: string[] }[]): Found[] {
  const listed = new Set(spec.servers.map(({ address }) => plain(address)))
  return nameServers
    .filter(({ addresses }) => addresses.length > 0 && !addresses.some(address => listed.has(plain(address))))
    .map(({ name, addresses }) => ({
      id: 'server-unlisted',
      level: 'warn',
      values: { name, addresses: addresses.join(', '), zone: zoneTitle(spec) },
    }))
}

const plain = (address: string) => (address.includes(':') ? plainData('AAAA', address) : address)

/** A record that differs breaks the prerequisites of the tried update too; once is enough to tell it. */
function updateFindings(
  component: string,
  spec: DnsSpec,
  answer: ChangeAnswer | undefined,
  recordDiffers: boolean,
): Finding[] {
  if (!answer || answer.code === 'NOERROR' || (isBroken(answer.code) && recordDiffers)) return []
  return [{ id: 'update-refused', component, level: 'block', ...answerText(answer, spec) }]
}

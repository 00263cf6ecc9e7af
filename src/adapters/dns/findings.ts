import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { Json } from '../../model/json.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { SeenRecord, SeenResolver, SeenServer } from './audit.ts'
import { plainData, sameData } from './data.ts'
import { answerText } from './failures.ts'
import type { ChangeAnswer } from './provider.ts'
import { recordsOf } from './records.ts'
import { type DnsSpec, parseSpec } from './spec.ts'

type Values = Record<string, string | number>
type Found = { id: string; level: FindingLevel; values: Values }

export function dnsFindings(component: Component, facts: Facts, context: PlanContext): Finding[] {
  if (Object.keys(facts).length === 0) return []
  const spec = parseSpec(component.spec)
  const value = <Type>(name: string) => facts[name]?.value as Type & Json
  const servers = value<SeenServer[]>('servers') ?? []
  const found = [
    ...serverFindings(servers),
    ...recordFindings(spec, value<SeenRecord[]>('records') ?? []),
    ...ttlFindings(spec, value<number>('ttlSeconds') ?? 0, context),
    ...resolverFindings(spec, value<SeenResolver[]>('resolvers') ?? []),
    ...unlistedFindings(spec, value<{ name: string; addresses: string[] }[]>('nameServers') ?? []),
  ].map(({ id, level, values }): Finding => {
    const finding: Finding = {
      id,
      component: component.id,
      level,
      text: { key: `dns.finding.${id}`, values },
    }
    return level === 'ok' ? finding : { ...finding, remedy: { key: `dns.finding.${id}.remedy`, values } }
  })
  const differs = found.some(({ id }) => id === 'record-differs')
  return [...found, ...updateFindings(component.id, spec, value<ChangeAnswer>('update'), differs)]
}

function serverFindings(servers: SeenServer[]): Found[] {
  const silent = servers.flatMap(({ server, silence }): Found[] =>
    silence === null ? [] : [{ id: 'server-silent', level: 'block', values: { server, silence } }],
  )
  const serials = new Set(servers.flatMap(({ serial }) => (serial === null ? [] : [serial])))
  if (serials.size < 2) return silent
  const list = servers.map(({ server, serial }) => `${server}: ${serial ?? '-'}`).join(', ')
  return [...silent, { id: 'serials-differ', level: 'warn', values: { servers: list } }]
}

function recordFindings(spec: DnsSpec, seen: SeenRecord[]): Found[] {
  const records = recordsOf(spec)
  const wrong = records.flatMap(({ key, type, source }) =>
    seen
      .filter(({ record }) => record === key)
      .flatMap(({ server, data, authoritative, code }): Found[] => {
        const values = { server, record: key, said: data.join(', ') || code, planned: source.join(', ') }
        if (!authoritative) return [{ id: 'not-authoritative', level: 'block', values }]
        return sameData(type, data, source) ? [] : [{ id: 'record-differs', level: 'block', values }]
      }),
  )
  if (wrong.length > 0 || seen.length === 0) return wrong
  const servers = new Set(seen.map(({ server }) => server)).size
  return [{ id: 'records-agree', level: 'ok', values: { records: records.length, servers } }]
}

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

function unlistedFindings(spec: DnsSpec, nameServers: { name: string; addresses: string[] }[]): Found[] {
  const listed = new Set(spec.servers.map(({ address }) => plain(address)))
  return nameServers
    .filter(({ addresses }) => addresses.length > 0 && !addresses.some(address => listed.has(plain(address))))
    .map(({ name, addresses }) => ({
      id: 'server-unlisted',
      level: 'warn',
      values: { name, addresses: addresses.join(', '), zone: spec.zone },
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
  if (!answer || answer.code === 'NOERROR' || (answer.code === 'NXRRSET' && recordDiffers)) return []
  return [{ id: 'update-refused', component, level: 'block', ...answerText(answer, spec) }]
}

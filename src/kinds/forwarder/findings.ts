import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { forwarderOf } from './at.ts'
import { type Client, cameWithin } from './clients.ts'
import { tableOf } from './ruleset.ts'

type Judgement = { name: string; level: FindingLevel; values?: Record<string, string | number> }

/** What would keep a late client from being passed on, and what only deserves to be known. */
export function findings(component: Component, facts: Facts, { plan }: PlanContext): Finding[] {
  const { host, spec } = forwarderOf(component, plan)
  const common = {
    host: host.ssh,
    table: tableOf(component.id),
    file: spec.persist?.file ?? '',
    boot: spec.persist?.includedBy ?? '',
  }
  const judgements = [...blocking(facts, spec.acceptIn), ...worthKnowing(facts, spec.persist !== undefined)]
  if (judgements.every(({ level }) => level !== 'block'))
    judgements.push({ name: 'ready', level: 'ok', values: { services: spec.forward.length } })
  judgements.push(...stillComing(facts, spec.lateMinutes))
  return judgements.map(({ name, level, values = {} }) => ({
    id: `${component.id}.${name}`,
    component: component.id,
    level,
    text: { key: composed(`forwarder.finding.${name}`), values: { ...common, ...values } },
    ...(level !== 'ok' && {
      remedy: { key: composed(`forwarder.finding.${name}.remedy`), values: { ...common, ...values } },
    }),
  }))
}

function blocking(facts: Facts, acceptIn: { table: string; chain: string }[]): Judgement[] {
  const judgements: Judgement[] = []
  const block = (name: string, values: Judgement['values'] = {}) =>
    judgements.push({ name, level: 'block', values })
  const missing = list(facts, 'missing')
  if (missing.length > 0) block('missing', { programs: missing.join(' ') })
  if (facts.table?.value === 'foreign') block('taken')
  if (facts.keptFile?.value === 'foreign') block('file-taken')
  if (facts.directoryMissing?.value === true) block('no-directory')
  for (const family of list(facts, 'forwardingOff')) block('forwarding-off', { family })
  const dropping = (facts.droppingChains?.value ?? []) as { table: string; chain: string }[]
  for (const { table, chain } of dropping)
    if (!acceptIn.some(one => one.table === table && one.chain === chain))
      block('dropped', { dropTable: table, chain })
  for (const chain of list(facts, 'acceptInMissing')) block('no-chain', { chain })
  return judgements
}

function worthKnowing(facts: Facts, persisted: boolean): Judgement[] {
  const judgements: Judgement[] = []
  const warn = (name: string, values: Judgement['values'] = {}) =>
    judgements.push({ name, level: 'warn', values })
  for (const address of list(facts, 'addressesNotThere')) warn('not-there', { address })
  for (const chain of list(facts, 'earlierRedirects')) warn('earlier', { chain })
  const legacy = list(facts, 'legacyTables')
  if (legacy.length > 0) warn('legacy', { tables: legacy.join(', ') })
  const unreachable = list(facts, 'unreachable')
  if (unreachable.length > 0) warn('unreachable', { services: unreachable.join(', ') })
  if (!persisted) warn('not-persisted')
  else if (facts.includedAtBoot?.value === false) warn('not-included')
  return judgements
}

/** Once something is passed on: who is late, or for how long nobody has been. */
function stillComing(facts: Facts, lateMinutes: number): Judgement[] {
  const since = facts.sinceSeconds?.value
  if (typeof since !== 'number') return []
  const clients = (facts.clients?.value ?? []) as Client[]
  const late = cameWithin(clients, lateMinutes * 60)
  const hours = Math.round((clients[0]?.secondsAgo ?? since) / 360) / 10
  if (late.length === 0) return [{ name: 'nobody', level: 'ok', values: { hours } }]
  const named = late.map(({ client, service }) => `${client} (${service})`).join(', ')
  const count = new Set(late.map(({ client }) => client)).size
  return [{ name: 'late', level: 'warn', values: { count, minutes: lateMinutes, clients: named } }]
}

const list = (facts: Facts, name: string): string[] => (facts[name]?.value ?? []) as string[]

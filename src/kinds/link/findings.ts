import type { Facts, Finding, FindingLevel } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { composed } from '../../model/text.ts'
import { endsOf } from './ends.ts'

/** Below this part of what is declared, durations computed from the declared rate are wrong. */
const leastOfDeclared = 0.75
/** Samples further apart than this say that something else uses the link. */
const mostSpreadPercent = 20
/** From here on ssh and rsync lose time to waiting, not to sending. */
const mostLatencyMilliseconds = 50
const ethernetMtu = 1500

type Judgement = { name: string; level: FindingLevel; values: Record<string, string | number> }

/** What the measured link means for the migration. */
export function findings(component: Component, facts: Facts, { plan }: PlanContext): Finding[] {
  const { source, target, spec } = endsOf(component, plan)
  const common = { source: source.ssh, target: target.ssh, address: target.address, port: spec.port }
  const judgements = [...judgeBandwidth(facts), ...judgeWay(facts)]
  return judgements.map(({ name, level, values }) => ({
    id: `${component.id}.${name}`,
    component: component.id,
    level,
    text: { key: composed(`link.finding.${name}`), values: { ...common, ...values } },
    ...(level === 'ok'
      ? {}
      : { remedy: { key: composed(`link.finding.${name}.remedy`), values: { ...common, ...values } } }),
  }))
}

function judgeBandwidth(facts: Facts): Judgement[] {
  const mbps = numberOf(facts, 'bandwidthMbps')
  const declared = numberOf(facts, 'declaredMbps') ?? 0
  if (mbps === undefined) {
    return [
      { name: 'unmeasured', level: 'block', values: { detail: String(facts.bandwidthWhyNot?.value ?? '') } },
    ]
  }
  const spread = numberOf(facts, 'bandwidthSpreadPercent') ?? 0
  const slow = mbps < declared * leastOfDeclared
  const judgements: Judgement[] = [
    { name: slow ? 'slow' : 'bandwidth', level: slow ? 'warn' : 'ok', values: { mbps, declared } },
  ]
  if (spread > mostSpreadPercent) judgements.push({ name: 'unstable', level: 'warn', values: { spread } })
  return judgements
}

function judgeWay(facts: Facts): Judgement[] {
  const judgements: Judgement[] = []
  const closed = facts.pairsClosed?.value
  if (Array.isArray(closed) && closed.length > 0) {
    judgements.push({
      name: 'closed',
      level: 'block',
      values: { count: closed.length, pairs: closed.join(', ') },
    })
  }
  const latency = numberOf(facts, 'latencyMilliseconds')
  if (latency === undefined) {
    const detail = String(facts.latencyWhyNot?.value ?? '')
    judgements.push({ name: 'no-echo', level: 'warn', values: { detail } })
  } else if (latency > mostLatencyMilliseconds) {
    judgements.push({ name: 'far', level: 'warn', values: { milliseconds: latency } })
  }
  const lost = numberOf(facts, 'lostEchoes') ?? 0
  if (lost > 0) judgements.push({ name: 'losses', level: 'warn', values: { lost } })
  const mtu = numberOf(facts, 'pathMtuBytes')
  if (mtu !== undefined && mtu < ethernetMtu) judgements.push({ name: 'mtu', level: 'warn', values: { mtu } })
  return judgements
}

const numberOf = (facts: Facts, name: string): number | undefined => {
  const value = facts[name]?.value
  return typeof value === 'number' ? value : undefined
}

import type { Entry } from '../model/event.ts'
import type { FactsByComponent, Finding } from '../model/fact.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { type Audited, judgeFacts } from './audit.ts'

/** What is known of both sites before a night, and what it means for it. */
export type KnownFacts = Audited & {
  /** Components of which nothing is known, in the plan's order. */
  unknown: string[]
  /** ISO instant of the oldest audit that a fact is of. Absent: nothing is known. */
  auditedAt?: string
}

/** Of an audit that has just ended: what could not be asked is a finding of its own. */
export function knownNow({ facts, findings }: Audited, plan: Plan, now: string): KnownFacts {
  const unknown = Object.keys(plan.components).filter(id => facts[id] === undefined)
  return { facts, findings, unknown, ...(Object.keys(facts).length > 0 && { auditedAt: now }) }
}

/**
 * The last facts of each component in the journal, judged as a preflight judges them. Undefined: no component of this plan was ever
 * audited.
 */
export function knownFrom(
  entries: readonly Entry[],
  plan: Plan,
  kinds: Record<string, Kind>,
): KnownFacts | undefined {
  const facts: FactsByComponent = {}
  const auditedAt = new Map<string, string>()
  for (const { event, at } of entries) {
    if (event.type !== 'facts.recorded' || plan.components[event.component] === undefined) continue
    facts[event.component] = event.facts
    auditedAt.set(event.component, at)
  }
  const [oldest] = [...auditedAt.values()].sort()
  if (oldest === undefined) return undefined
  const unknown = Object.keys(plan.components).filter(id => facts[id] === undefined)
  const findings = [...unknown.map(neverAudited), ...judgeFacts(plan, kinds, 'live', facts)]
  return { facts, findings, unknown, auditedAt: oldest }
}

const neverAudited = (component: string): Finding => ({
  id: `${component}.unaudited`,
  component,
  level: 'block',
  text: { key: 'run.neverAudited' },
  remedy: { key: 'run.neverAudited.remedy' },
})

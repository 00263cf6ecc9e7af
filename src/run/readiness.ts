import type { Journal } from '../journal/journal.ts'
import { canonicalJson, sha256Hex, shortHash } from '../model/canonical.ts'
import type { Entry, Event } from '../model/event.ts'
import type { FactsByComponent } from '../model/fact.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { secondsBetween } from '../model/instant.ts'
import type { Json } from '../model/json.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Runbook, Step } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { fold } from './fold.ts'
import { planDifferences } from './plan-differences.ts'

const assumedPreflightSeconds = 30 * 60
/** Of what differs, so many are named. */
const named = 5

/** What a night does and asks, without how long it is expected to take: that is measured anew by every audit. */
export function actsHash({ steps, gates }: Runbook): string {
  const acts = steps.map(({ id, action, params, touches, stage, after, attempts, undo }: Step) => ({
    ...{ id, action, params, touches, stage, after, attempts },
    undo: undo.possible,
  }))
  const asked = gates.map(({ id, after, signoffs, checks }) => ({
    ...{ id, after, signoffs },
    checks: checks.map(({ id: check, threshold, onFailure }) => ({ check, threshold, onFailure })),
  }))
  return sha256Hex(canonicalJson({ acts, asked }))
}

export const planHashOf = (plan: Plan): string => sha256Hex(canonicalJson(plan))

type Ended = { entry: Entry; event: Extract<Event, { type: 'preflight.ended' }>; facts: FactsByComponent }

function lastPreflight(entries: readonly Entry[]): Ended | undefined {
  const entry = entries.findLast(({ event }) => event.type === 'preflight.ended')
  if (entry?.event.type !== 'preflight.ended') return undefined
  const facts = fold(entries.filter(({ run }) => run === entry.run)).facts
  return { entry, event: entry.event, facts }
}

/** Why the last preflight says nothing of the night that is to begin, as far as it is known before a host is asked. Pure. */
export function preflightVoid(entries: readonly Entry[], plan: Plan, now: string): Text | undefined {
  const last = lastPreflight(entries)
  if (last === undefined)
    return plan.readiness === undefined ? undefined : { key: 'run.readiness.noPreflight' }
  const { planHash, ready } = last.event
  const today = planHashOf(plan)
  if (planHash !== today) {
    const before = fold(entries).plans[planHash]
    const values = {
      paths: before === undefined ? '?' : listed(planDifferences(before, plan)),
      plan: shortHash(planHash),
      planToday: shortHash(today),
    }
    return { key: 'run.readiness.edited', values }
  }
  if (!ready) return { key: 'run.readiness.notReady' }
  const seconds = secondsBetween(last.entry.at, now)
  const limit = plan.readiness?.preflightSeconds ?? assumedPreflightSeconds
  if (seconds <= limit) return undefined
  const values = { minutes: Math.floor(seconds / 60), limit: Math.floor(limit / 60) }
  return { key: 'run.readiness.old', values }
}

/** Why it says nothing of the estate that an audit has just found. Pure. */
export function estateDrifted(
  entries: readonly Entry[],
  kinds: Record<string, Kind>,
  { plan, facts, runbook }: { plan: Plan; facts: FactsByComponent; runbook: Runbook },
): Text | undefined {
  const last = lastPreflight(entries)
  if (last === undefined) return undefined
  const changed = Object.values(plan.components).flatMap(({ id, kind }) =>
    (kinds[kind]?.steadyFacts ?? []).flatMap(name => {
      const [before, today] = [last.facts[id]?.[name]?.value, facts[id]?.[name]?.value]
      return textOf(before) === textOf(today) ? [] : [`${id}.${name}`]
    }),
  )
  if (changed.length > 0) return { key: 'run.readiness.drifted', values: { facts: listed(changed) } }
  return last.event.actsHash === actsHash(runbook) ? undefined : { key: 'run.readiness.otherSteps' }
}

const textOf = (value: Json | undefined): string => (value === undefined ? '' : canonicalJson(value))

const listed = (names: readonly string[]): string =>
  [...names.slice(0, named), ...(names.length > named ? [`+ ${names.length - named}`] : [])].join(', ')

type Readiness = { journal: Pick<Journal, 'entries' | 'append'>; plan: Plan; run: string }

/** Throws Failure where the plan wants readiness; elsewhere the journal alone is told. Before a host is asked. */
export function requireFreshPreflight({ journal, plan, run }: Readiness, now: string): void {
  const why = preflightVoid(journal.entries(), plan, now)
  if (why === undefined) return
  if (plan.readiness !== undefined) throw notReady(why)
  journal.append(run, { type: 'note', text: why })
}

/** Throws Failure where the plan wants readiness, and the estate is no longer what the preflight found. */
export function requireSameEstate(
  { journal, plan }: Omit<Readiness, 'run'>,
  kinds: Record<string, Kind>,
  found: { facts: FactsByComponent; runbook: Runbook },
): void {
  const why = plan.readiness && estateDrifted(journal.entries(), kinds, { plan, ...found })
  if (why !== undefined) throw notReady(why)
}

const notReady = (why: Text): Failure =>
  new Failure(why, { remedy: { key: 'run.readiness.remedy' }, exitCode: exitCodes.checksFailed })

import type { NightForecast, TaskForecast } from '../forecast/night-forecast.ts'
import { instantAt, millisecondsOf } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import { gateBefore, stages } from '../model/stage.ts'
import type { Gate, Runbook, Step } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import type { KnownFacts } from '../run/known-facts.ts'
import { named } from './waiting.ts'

/** A night that is to come: what it will do, and what its forecast says of it. */
export type PlannedNight = {
  plan: Plan
  runbook: Runbook
  /** ISO instants. */
  now: string
  windowStart: string
  windowEnd: string
  known: KnownFacts
  /** By step: when it is due if each takes what is expected and people take no time, as `status` shows it. */
  planned: Record<string, { plannedStart: string; plannedEnd: string }>
  /** Absent: nothing is known of a component, so that nothing can be said of the whole. */
  forecast?: NightForecast
}

/** A step, or one part of a gate: its checks, a person, its opening. */
export type PlannedRow = {
  id: string
  what: 'step' | 'checks' | 'sign-off' | 'gate'
  title: Text
  /** The role that owns the step, or that signs. */
  owner?: string
  step?: Step
  planned?: { start: string; end: string }
  task?: TaskForecast
}

/** In the order in which they are expected to begin; without a forecast, in that of the stages. */
export function plannedRows(night: PlannedNight): PlannedRow[] {
  const { runbook, forecast } = night
  const rows = stages.flatMap(({ id }) => [
    ...runbook.gates.filter(gate => gateBefore[gate.id] === id).flatMap(gate => gateRows(gate, night)),
    ...runbook.steps.filter(step => step.stage === id).map(step => stepRow(step, night)),
  ])
  if (forecast === undefined) return rows
  const rank = new Map(forecast.tasks.map((task, index) => [task.id, { task, index }]))
  return rows
    .map(row => ({ row, ...rank.get(row.id) }))
    .toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0))
    .map(({ row, task }) => ({ ...row, ...(task && { task }) }))
}

function stepRow(step: Step, { planned }: PlannedNight): PlannedRow {
  const due = planned[step.id]
  return {
    ...{ id: step.id, what: 'step', title: step.title, owner: step.owner, step },
    ...(due && { planned: { start: due.plannedStart, end: due.plannedEnd } }),
  }
}

function gateRows(gate: Gate, night: PlannedNight): PlannedRow[] {
  const values = { gate: gate.id, count: gate.checks.length }
  const due = dueAt(gate, night)
  const checks: PlannedRow = {
    ...{ id: `${gate.id}/checks`, what: 'checks', title: { key: 'views.night.checks', values } },
    ...due,
  }
  return [
    ...(gate.checks.length > 0 ? [checks] : []),
    ...gate.signoffs.map((role): PlannedRow => {
      const who = { gate: gate.id, who: named(role, night) }
      const title: Text = { key: 'views.night.signoff', values: who }
      return { id: `${gate.id}/${role}`, what: 'sign-off', title, owner: role, ...due }
    }),
    { id: gate.id, what: 'gate', title: { key: 'views.night.opens', values }, ...due },
  ]
}

/** When all that it waits for is due to have ended. */
function dueAt(gate: Gate, { planned, windowStart, forecast }: PlannedNight): Pick<PlannedRow, 'planned'> {
  if (forecast === undefined) return {}
  const ends = gate.after.flatMap(id => planned[id]?.plannedEnd ?? [])
  const at = instantAt(Math.max(...[windowStart, ...ends].map(millisecondsOf)))
  return { planned: { start: at, end: at } }
}

/** An instant of the night, so many seconds after its beginning. */
export const atSeconds = ({ windowStart }: Pick<PlannedNight, 'windowStart'>, seconds: number): string =>
  instantAt(millisecondsOf(windowStart) + seconds * 1000)

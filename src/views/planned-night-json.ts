import type { Band } from '../forecast/quantiles.ts'
import type { KeptStep } from '../run/kept-calls.ts'
import { keptJson } from './explanation-json.ts'
import type { Formatter } from './formatter.ts'
import { atSeconds, type PlannedNight, type PlannedRow, plannedRows } from './planned-night.ts'

/** Instants are ISO strings in UTC, durations seconds, shares between 0 and 1. */
export function plannedNightJson(
  night: PlannedNight,
  formatter: Pick<Formatter, 'say'>,
  kept: Record<string, KeptStep> = {},
) {
  const { plan, known, windowStart, windowEnd, forecast } = night
  return {
    plan: plan.name,
    window: { start: windowStart, end: windowEnd },
    facts: { unknown: known.unknown, ...(known.auditedAt !== undefined && { auditedAt: known.auditedAt }) },
    steps: plannedRows(night).map(row => ({
      ...rowJson(row, night, formatter),
      ...keptJson(kept[row.id] ?? {}),
    })),
    ...(forecast && { forecast: forecastJson(night, forecast) }),
  }
}

function rowJson(
  { id, what, title, owner, step, planned, task }: PlannedRow,
  night: PlannedNight,
  formatter: Pick<Formatter, 'say'>,
) {
  return {
    ...{ id, what, title: formatter.say(title), owner },
    ...(step && {
      component: step.component,
      stage: step.stage,
      after: step.after,
      undo: step.undo.possible,
      ...(step.beside && { beside: true }),
    }),
    ...(planned && { plannedStart: planned.start, plannedEnd: planned.end }),
    ...(task && {
      start: instants(task.start, night),
      end: instants(task.end, night),
      criticality: task.criticality,
      slackSeconds: task.slackSeconds,
      rollbackSeconds: task.rollback,
      basis: task.basis,
    }),
  }
}

function forecastJson(night: PlannedNight, forecast: NonNullable<PlannedNight['forecast']>) {
  const { finish, limits, helps, chances, tasks: _tasks, finishSeconds: _finish, ...figures } = forecast
  const { finishSeconds, reopeningSeconds } = limits
  return {
    ...figures,
    finish: instants(finish, night),
    finishBy: atSeconds(night, finishSeconds),
    ...(reopeningSeconds !== undefined && { reopenBy: atSeconds(night, reopeningSeconds) }),
    chances: chances.map(({ endSeconds, chance }) => ({ windowEnd: atSeconds(night, endSeconds), chance })),
    helps: helps.map(({ change, ...gain }) => ({ ...change, ...gain })),
  }
}

const instants = ({ p50, p80, p95 }: Band, night: PlannedNight) => ({
  p50: atSeconds(night, p50),
  p80: atSeconds(night, p80),
  p95: atSeconds(night, p95),
})

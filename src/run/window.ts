import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../model/plan.ts'
import type { RunMode } from '../model/step.ts'

export type RunWindow = { start: Temporal.Instant; end: Temporal.Instant }

/**
 * When a run's window begins and ends. Live: as the plan says, or from the instant that a person has given instead;
 * the other modes have no window and begin now.
 */
export function runWindow(
  plan: Plan,
  mode: RunMode,
  now: Temporal.Instant,
  startAt?: Temporal.Instant,
): RunWindow {
  const planned = Temporal.ZonedDateTime.from(`${plan.window.start}[${plan.zone}]`).toInstant()
  const start = startAt ?? (mode === 'live' ? planned : now)
  return { start, end: start.add({ minutes: plan.window.lengthMinutes }) }
}

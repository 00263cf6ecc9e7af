import { Temporal } from 'temporal-polyfill'
import { type Forecast, forecast } from '../forecast/forecast.ts'
import { finishOf, type RunFinish } from '../forecast/run-finish.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Residual } from '../model/residual.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { emptyRun } from '../run/empty-run.ts'
import { isFinished } from '../run/may-start.ts'
import { planOf, runbookOf } from '../run/recorded.ts'
import { compile } from '../runbook/compile.ts'
import type { StepProgress } from './step-progress.ts'

/** All that a view reads. Views ask no clock: `now` (ISO instant) is given. */
export type RunView = {
  plan: Plan
  runbook: Runbook
  /** Absent as long as nothing has been started in this mode. */
  run?: Run
  forecast: Forecast
  /** When the work ends, people included, and what delays it. Absent: nothing more is begun, or nobody simulated it. */
  finish?: RunFinish
  now: string
  /** Instants of the window: the run's own when there is a run, else the plan's. */
  window: { start: string; end: string }
  /** Of running steps, by step id; only the program that runs them knows it. */
  progress?: Record<string, StepProgress>
  /** False when no program carries the run out; absent when nobody looked. */
  executing?: boolean
}

export type RunViewInput = {
  history: History
  mode: RunMode
  now: string
  executing?: boolean
  /** Used only for what has not begun: what a run of this mode would be today. */
  plan: Plan
  kinds: Record<string, Kind>
  /** What the whole journal has timed, for the finish. Absent: it is not asked for. */
  residuals?: readonly Residual[]
}

/**
 * What the views read, of one mode: its last run, by the plan and the runbook that the journal holds of it; or, before there
 * is one, what today's plan and program would make of it. Throws Failure when no runbook can be compiled.
 */
export function runViewOf({ history, mode, plan, kinds, residuals, ...seen }: RunViewInput): RunView {
  const run = lastRunOf(history, mode)
  const of = run ? planOf(history, run) : plan
  const runbook = run ? runbookOf(history, run) : compile({ plan, facts: history.facts, kinds, mode })
  const view = runViewOfRun({ ...seen, plan: of }, runbook, run)
  if (residuals === undefined || beginsNothingNew(run)) return view
  const known = run ?? emptyRun(of, runbook)
  const from = forecastStart(seen.now, run, known.windowStart)
  return { ...view, finish: finishOf({ plan: of, runbook, kinds, residuals }, known, from) }
}

export const lastRunOf = (history: History, mode: RunMode): Run | undefined =>
  history.runs.findLast(candidate => candidate.mode === mode)

export function runViewOfRun(
  { plan, now, executing }: Pick<RunView, 'plan' | 'now' | 'executing'>,
  runbook: Runbook,
  run: Run | undefined,
): RunView {
  const known = run ?? emptyRun(plan, runbook)
  return {
    plan,
    runbook,
    now,
    window: { start: known.windowStart, end: known.windowEnd },
    forecast: forecast(runbook, known, plan, forecastStart(now, run, known.windowStart)),
    ...(run && { run }),
    ...(executing !== undefined && { executing }),
  }
}

/** It has ended, or is rolled back: what has not begun by now is never executed, measured or asked for. */
export const beginsNothingNew = (run: Run | undefined): boolean =>
  run !== undefined && (run.rollback !== undefined || isFinished(run))

/** What has not begun is foreseen from the start of its window, not from today. */
function forecastStart(now: string, run: Run | undefined, windowStart: string): Temporal.Instant {
  const [today, start] = [Temporal.Instant.from(now), Temporal.Instant.from(windowStart)]
  return run === undefined && Temporal.Instant.compare(start, today) > 0 ? start : today
}

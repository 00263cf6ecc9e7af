import type { Forecast } from '../forecast/forecast.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { StepProgress } from './step-progress.ts'

/** All that a view reads. Views ask no clock: `now` (ISO instant) is given. */
export type RunView = {
  plan: Plan
  runbook: Runbook
  /** Absent as long as nothing has been started in this mode. */
  run?: Run
  forecast: Forecast
  now: string
  /** Instants of the window: the run's own when there is a run, else the plan's. */
  window: { start: string; end: string }
  /** Of running steps, by step id; only the program that runs them knows it. */
  progress?: Record<string, StepProgress>
  /** False when no program carries the run out; absent when nobody looked. */
  executing?: boolean
  /** How this migration is named on the command line, e.g. `bascule --plan techcorp.yaml`; heads every command shown. */
  typed: string
}

import { Temporal } from 'temporal-polyfill'
import { forecast } from '../forecast/forecast.ts'
import type { Entry } from '../model/event.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { emptyRun } from '../run/empty-run.ts'
import { fold } from '../run/fold.ts'
import { compile } from '../runbook/compile.ts'
import type { RunView } from '../views/run-view.ts'
import type { StoredRuns } from './stored-runs.ts'

export type RunViewInput = {
  plan: Plan
  kinds: Record<string, Kind>
  mode: RunMode
  typed: string
  now: string
  executing?: boolean
}

/** What the views read, of one mode: its last run, or none yet. Throws Failure when no runbook can be compiled. */
export function runViewOf(input: RunViewInput & StoredRuns): RunView {
  const { plan, kinds, mode, history, entries } = input
  const run = history.runs.findLast(candidate => candidate.mode === mode)
  // an audit made since does not change the runbook of a run that has begun
  const facts = run ? fold(before(run, entries)).facts : history.facts
  return runViewOfRun(input, compile({ plan, facts, kinds, mode }), run)
}

export function runViewOfRun(
  { plan, typed, now, executing }: Omit<RunViewInput, 'kinds' | 'mode'>,
  runbook: Runbook,
  run: Run | undefined,
): RunView {
  const known = run ?? emptyRun(plan, runbook)
  return {
    plan,
    runbook,
    typed,
    now,
    window: { start: known.windowStart, end: known.windowEnd },
    forecast: forecast(runbook, known, plan, forecastStart(now, run, known.windowStart)),
    ...(run && { run }),
    ...(executing !== undefined && { executing }),
  }
}

/** What has not begun is foreseen from the start of its window, not from today. */
function forecastStart(now: string, run: Run | undefined, windowStart: string): Temporal.Instant {
  const [today, start] = [Temporal.Instant.from(now), Temporal.Instant.from(windowStart)]
  return run === undefined && Temporal.Instant.compare(start, today) > 0 ? start : today
}

function before(run: Run, entries: readonly Entry[]): readonly Entry[] {
  const start = entries.findIndex(entry => entry.run === run.id && entry.event.type === 'run.started')
  return start < 0 ? entries : entries.slice(0, start)
}

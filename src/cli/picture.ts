import { Temporal } from 'temporal-polyfill'
import { forecast } from '../forecast/forecast.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { compile } from '../runbook/compile.ts'
import type { Picture } from '../views/picture.ts'

/** The window as the plan has it, in instants. */
export function plannedWindow(plan: Plan): { start: string; end: string } {
  const start = Temporal.ZonedDateTime.from(`${plan.window.start}[${plan.zone}]`).toInstant()
  return { start: start.toString(), end: start.add({ minutes: plan.window.lengthMinutes }).toString() }
}

/** What the views read, of one mode: its last run, or none yet. Throws Failure when no runbook can be compiled. */
export function pictureOf(input: {
  plan: Plan
  kinds: Record<string, Kind>
  history: History
  mode: RunMode
  typed: string
  now: string
  executing?: boolean
}): Picture {
  const { plan, kinds, history, mode, typed, now, executing } = input
  const runbook = compile({ plan, facts: history.facts, kinds, mode })
  const run = history.runs.findLast(candidate => candidate.mode === mode)
  return pictureOfRun({
    plan,
    runbook,
    typed,
    now,
    ...(run ? { run } : {}),
    ...(executing === undefined ? {} : { executing }),
  })
}

export function pictureOfRun(input: {
  plan: Plan
  runbook: Runbook
  run?: Run
  typed: string
  now: string
  executing?: boolean
}): Picture {
  const { plan, runbook, run, now } = input
  const window = run ? { start: run.windowStart, end: run.windowEnd } : plannedWindow(plan)
  const foreseen = forecast(runbook, run ?? unstarted(runbook, window), plan, Temporal.Instant.from(now))
  return { ...input, window, forecast: foreseen }
}

/** A run of which nothing has happened, for the forecast. */
function unstarted(runbook: Runbook, window: { start: string; end: string }): Run {
  return {
    id: '',
    mode: runbook.mode,
    planName: runbook.plan,
    planHash: '',
    runbookHash: runbook.hash,
    windowStart: window.start,
    windowEnd: window.end,
    fencingNumber: 0,
    startedAt: window.start,
    steps: {},
    gates: {},
    orders: {},
  }
}

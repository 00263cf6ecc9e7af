import { Temporal } from 'temporal-polyfill'
import { forecast } from '../forecast/forecast.ts'
import type { Entry } from '../model/event.ts'
import { instantAt, millisecondsOf, secondsBetween } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { GateId, StageId } from '../model/stage.ts'
import type { Runbook, Trigger } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { type StepRow, stepRows } from './rows.ts'
import type { RunView } from './run-view.ts'

/** Where the time of a run went, against what was forecast, and what it would come to now. Durations in seconds. */
export type Analysis = {
  mode: Runbook['mode']
  run: string
  startedAt: string
  /** Why it was undone, and the first step that failed for good. Absent: it was not. */
  cause?: { at: string; trigger: Trigger; why: Text; first?: { id: string; title: Text; why: Text } }
  stages: StageTime[]
  gates: GateTime[]
  /** Those that were begun, the one that took most over its forecast first; failed attempts and the time between them count. */
  steps: StepTime[]
  rollback?: { forecastSeconds: number; actualSeconds?: number; steps: StepTime[] }
  again: Again
  windows: NextWindow[]
}
export type StepTime = {
  id: string
  title: Text
  forecastSeconds: number
  actualSeconds: number
  attempts: number
}
/** From the first step's start to the last one's end. `undefined`: none of it was begun. */
export type StageTime = {
  id: StageId
  forecastSeconds: number
  actualSeconds?: number
  steps: number
  begun: number
}
/** `checksSeconds`: from the gate to its last measurement. `peopleSeconds`: from there until it opened. */
export type GateTime = {
  id: GateId
  title: Text
  checksSeconds: number
  peopleSeconds?: number
  opened: boolean
}
/** The same runbook, each step that has been done as long as it took, the others as forecast, gates as they took. */
export type Again = {
  seconds: number
  measured: number
  steps: number
  windowSeconds: number
  reserveSeconds: number
  /** Of the window without its reserve; negative: so much too long. */
  freeSeconds: number
}
/** For a night that has not moved: the same weekday and hour. `preparation`: whether the days before it, by the plan's phases, are all still to come. */
export type NextWindow = { start: string; inDays: number; preparation: 'whole' | 'begun' }

const windowsShown = 4
const daysOfAWeek = 7
/** Who looks at a night after a year is shown none. */
const mostWeeks = 52

/** Undefined as long as no run of this mode has begun. `entries`: of the whole journal. Pure. */
export function analysis(runView: RunView, entries: readonly Entry[]): Analysis | undefined {
  const { run, runbook, plan, now } = runView
  if (run === undefined) return undefined
  const rows = stepRows(runView)
  const begun = rows.flatMap(row => stepTime(row, run, entries))
  return {
    mode: runbook.mode,
    run: run.id,
    startedAt: run.startedAt,
    ...causeOf(run, runbook),
    stages: stageTimes(rows),
    gates: gateTimes(run, runbook),
    steps: begun.toSorted((one, other) => overrun(other) - overrun(one)),
    ...rollbackTime(runView),
    again: again(runbook, run, plan),
    windows: runbook.mode === 'live' && run.outcome !== 'moved' ? nextWindows(plan, run, now) : [],
  }
}

const overrun = ({ actualSeconds, forecastSeconds }: StepTime): number => actualSeconds - forecastSeconds

/** From the start of its first attempt. */
function stepTime(
  { id, title, plannedSeconds, startedAt, endedAt, attempt }: StepRow,
  run: Run,
  entries: readonly Entry[],
): StepTime[] {
  if (startedAt === undefined || endedAt === undefined) return []
  const first = entries.find(
    entry => entry.run === run.id && entry.event.type === 'step.started' && entry.event.step === id,
  )
  const actualSeconds = secondsBetween(first?.at ?? startedAt, endedAt)
  return [{ id, title, forecastSeconds: plannedSeconds, actualSeconds, attempts: attempt }]
}

function causeOf({ rollback, steps }: Run, runbook: Runbook): Pick<Analysis, 'cause'> {
  if (rollback === undefined) return {}
  const { at, trigger, why } = rollback
  const step = runbook.steps.find(({ id }) => steps[id]?.status === 'failed')
  const failure = step && steps[step.id]?.failure
  const first = step && failure && { id: step.id, title: step.title, why: failure.text }
  return { cause: { at, trigger, why, ...(first && { first }) } }
}

function stageTimes(rows: readonly StepRow[]): StageTime[] {
  return [...new Set(rows.map(({ stage }) => stage))].map(id => {
    const own = rows.filter(({ stage }) => stage === id)
    const begun = own.filter(({ startedAt }) => startedAt !== undefined)
    const actual = spanSeconds(begun.map(({ startedAt = '', endedAt = startedAt }) => [startedAt, endedAt]))
    const planned = own.flatMap(({ plannedStart, plannedEnd }): [string, string][] =>
      plannedStart && plannedEnd ? [[plannedStart, plannedEnd]] : [],
    )
    return {
      ...{ id, steps: own.length, begun: begun.length },
      forecastSeconds: spanSeconds(planned) ?? 0,
      ...(actual !== undefined && { actualSeconds: actual }),
    }
  })
}

/** From the earliest start to the latest end. */
function spanSeconds(spans: readonly [string, string][]): number | undefined {
  if (spans.length === 0) return undefined
  const starts = spans.map(([start]) => millisecondsOf(start))
  const ends = spans.map(([, end]) => millisecondsOf(end))
  return (Math.max(...ends) - Math.min(...starts)) / 1000
}

function gateTimes({ gates, finishedAt, rollback }: Run, runbook: Runbook): GateTime[] {
  return runbook.gates.flatMap(({ id, title }) => {
    const state = gates[id]
    if (state === undefined) return []
    const { reachedAt, openedAt } = state
    const measured = Object.values(state.checks).flatMap(({ at }) => at ?? [])
    const lastMeasured = [reachedAt, ...measured].toSorted((one, other) => secondsBetween(other, one)).at(-1)
    const until = lastMeasured ?? reachedAt
    const end = openedAt ?? rollback?.at ?? finishedAt
    return [
      {
        ...{ id, title, opened: openedAt !== undefined },
        checksSeconds: secondsBetween(reachedAt, until),
        ...(end !== undefined && { peopleSeconds: Math.max(0, secondsBetween(until, end)) }),
      },
    ]
  })
}

function rollbackTime({ run, runbook, forecast: { rollbackSeconds } }: RunView): Pick<Analysis, 'rollback'> {
  if (run?.rollback === undefined) return {}
  const { at } = run.rollback
  const steps = runbook.steps.flatMap(({ id, title, undo: planned }) => {
    const undo = run.steps[id]?.undo
    if (!planned.possible || undo?.startedAt === undefined || undo.endedAt === undefined) return []
    const actualSeconds = secondsBetween(undo.startedAt, undo.endedAt)
    return [{ id, title, forecastSeconds: planned.expectedSeconds, actualSeconds, attempts: undo.attempt }]
  })
  return {
    rollback: {
      forecastSeconds: rollbackSeconds,
      ...(run.finishedAt && { actualSeconds: secondsBetween(at, run.finishedAt) }),
      steps: steps.toSorted((one, other) => overrun(other) - overrun(one)),
    },
  }
}

function again(runbook: Runbook, run: Run, plan: Plan): Again {
  const took = (id: string): number | undefined => {
    const { status, startedAt, endedAt } = run.steps[id] ?? {}
    return status === 'done' && startedAt && endedAt ? secondsBetween(startedAt, endedAt) : undefined
  }
  const own = runbook.steps.filter(step => !step.beside)
  const steps = runbook.steps.map(step => ({
    ...step,
    expectedSeconds: took(step.id) ?? step.expectedSeconds,
  }))
  const untouched: Run = { ...run, steps: {}, gates: {} }
  const start = Temporal.Instant.from(run.windowStart)
  const { projectedFinish } = forecast({ ...runbook, steps }, untouched, plan, start)
  const waits = Object.values(run.gates).map(({ reachedAt, openedAt }) =>
    openedAt === undefined ? 0 : secondsBetween(reachedAt, openedAt),
  )
  const seconds = waits.reduce((sum, wait) => sum + wait, secondsBetween(run.windowStart, projectedFinish))
  const windowSeconds = plan.window.lengthMinutes * 60
  const reserveSeconds = plan.window.rollbackReserveMinutes * 60
  return {
    ...{ seconds, windowSeconds, reserveSeconds, steps: own.length },
    measured: own.filter(({ id }) => took(id) !== undefined).length,
    freeSeconds: windowSeconds - reserveSeconds - seconds,
  }
}

function nextWindows(plan: Plan, { windowStart }: Run, now: string): NextWindow[] {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(plan.zone)
  const first = Temporal.Instant.from(windowStart).toZonedDateTimeISO(plan.zone)
  const firstDay = Math.min(0, ...plan.phases.map(({ fromDay }) => fromDay))
  const weeks = Array.from({ length: mostWeeks }, (_, week) => first.add({ days: daysOfAWeek * (week + 1) }))
  return weeks
    .filter(start => Temporal.ZonedDateTime.compare(start, today) > 0)
    .slice(0, windowsShown)
    .map(start => {
      const inDays = today.toPlainDate().until(start.toPlainDate()).days
      return {
        start: instantAt(start.epochMilliseconds),
        inDays,
        preparation: inDays + firstDay >= 0 ? 'whole' : 'begun',
      }
    })
}

import { Temporal } from 'temporal-polyfill'
import { millisecondsOf } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { Run, StepState } from '../model/run.ts'
import type { Gate, Runbook, Step } from '../model/step.ts'
import { topologicalOrder } from '../runbook/graph.ts'
import { lastSafeFor, wayBackFromHere } from './last-safe.ts'
import type { WayBackBasis } from './way-back.ts'

/** Instants are ISO strings. */
export type StepForecast = { plannedStart: string; plannedEnd: string; projectedEnd: string }
export type Forecast = {
  steps: Record<string, StepForecast>
  /** Without the steps that go on beside the run. */
  projectedFinish: string
  /** From here, at P95, margin included. */
  rollbackSeconds: number
  rollbackBasis: WayBackBasis
  lastSafe: string
  /** Ids of the steps whose delay delays the end, in order. */
  criticalPath: string[]
}

/** Where the run stands against its plan, and where it is going. Pure. */
export function forecast(runbook: Runbook, run: Run, plan: Plan, now: Temporal.Instant): Forecast {
  const planned = schedule(runbook, millisecondsOf(run.windowStart), step => step.expectedSeconds)
  const projected = project(runbook, run, now.epochMilliseconds)
  const steps = Object.fromEntries(
    runbook.steps.map(step => [
      step.id,
      {
        plannedStart: iso(planned.start.get(step.id)),
        plannedEnd: iso(planned.end.get(step.id)),
        projectedEnd: iso(projected.get(step.id)),
      },
    ]),
  )
  const back = wayBackFromHere(runbook, run, plan)
  const ends = onThePath(runbook).map(step => projected.get(step.id) ?? 0)
  return {
    steps,
    projectedFinish: iso(Math.max(now.epochMilliseconds, ...ends)),
    rollbackSeconds: back.seconds,
    rollbackBasis: back.basis,
    lastSafe: lastSafeFor(back, run, plan).toString(),
    criticalPath: criticalPath(runbook, projected),
  }
}

/** What goes on beside the run does not delay its end. */
const onThePath = (runbook: Runbook): Step[] => runbook.steps.filter(step => !step.beside)

const iso = (milliseconds: number | undefined): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.round(milliseconds ?? 0)).toString()

type Times = { start: Map<string, number>; end: Map<string, number> }

/** Earliest start and end of each step and gate, in epoch milliseconds. */
function schedule(runbook: Runbook, from: number, seconds: (step: Step) => number): Times {
  const start = new Map<string, number>()
  const end = new Map<string, number>()
  const place = (id: string, after: readonly string[], lasts: number): void => {
    const begins = Math.max(from, ...after.map(earlier => end.get(earlier) ?? from))
    start.set(id, begins)
    end.set(id, begins + lasts * 1000)
  }
  for (const node of nodesInOrder(runbook)) place(node.id, node.after, 'stage' in node ? seconds(node) : 0)
  return { start, end }
}

function project(runbook: Runbook, run: Run, now: number): Map<string, number> {
  const end = new Map<string, number>()
  for (const node of nodesInOrder(runbook)) {
    const earliest = Math.max(now, ...node.after.map(id => end.get(id) ?? now))
    end.set(node.id, 'stage' in node ? projectStep(node, run.steps[node.id], earliest, now) : earliest)
  }
  return end
}

function projectStep(step: Step, state: StepState | undefined, earliest: number, now: number): number {
  const lasts = step.expectedSeconds * 1000
  if (state?.status === 'done' && state.endedAt !== undefined) return millisecondsOf(state.endedAt)
  if (state?.status === 'running' && state.startedAt !== undefined) {
    return Math.max(now, millisecondsOf(state.startedAt) + lasts)
  }
  return earliest + lasts
}

/** Steps and gates, each after what it waits for. */
const nodesInOrder = (runbook: Runbook) =>
  topologicalOrder<Step | Gate>([...runbook.steps, ...runbook.gates]).ordered

function criticalPath(runbook: Runbook, ends: ReadonlyMap<string, number>): string[] {
  const nodes = new Map(nodesInOrder(runbook).map(node => [node.id, node]))
  const latest = (ids: readonly string[]): string | undefined =>
    [...ids].sort((left, right) => (ends.get(right) ?? 0) - (ends.get(left) ?? 0))[0]
  const path: string[] = []
  let id = latest(onThePath(runbook).map(step => step.id))
  while (id !== undefined) {
    const node = nodes.get(id)
    if (node === undefined) break
    if ('stage' in node) path.unshift(node.id)
    id = latest(node.after)
  }
  return path
}

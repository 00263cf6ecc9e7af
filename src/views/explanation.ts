import { secondsBetween } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { Runbook, RunMode, Step } from '../model/step.ts'
import type { KeptStep } from '../run/kept-calls.ts'

/** A step, with all that is known of it before it runs. */
export type Explanation = {
  plan: Plan
  runbook: Runbook
  step: Step
  /** What it, and its undo, took in earlier runs, oldest first. */
  took: Took[]
  undoTook: Took[]
  /** What it did at the hosts when it ran last. */
  kept: KeptStep
}
export type Took = { run: string; mode: RunMode; at: string; seconds: number }

export function explain(
  { plan, runbook, history }: { plan: Plan; runbook: Runbook; history: Pick<History, 'runs'> },
  step: Step,
  kept: KeptStep,
): Explanation {
  const took = history.runs.flatMap(run => tookIn(run, run.steps[step.id]))
  const undoTook = history.runs.flatMap(run => tookIn(run, run.steps[step.id]?.undo))
  return { plan, runbook, step, took, undoTook, kept }
}

type Timed = { status: string; how?: string; startedAt?: string; endedAt?: string }

/** What a person did, and what was found done, took no time of Bascule's. */
function tookIn({ id, mode }: Run, timed: Timed | undefined): Took[] {
  if (timed?.status !== 'done' || timed.how !== 'applied') return []
  const { startedAt, endedAt } = timed
  if (startedAt === undefined || endedAt === undefined) return []
  return [{ run: id, mode, at: startedAt, seconds: secondsBetween(startedAt, endedAt) }]
}

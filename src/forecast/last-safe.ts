import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'

/**
 * P95 over expected, for undos: a rollback is taken to last half as long again as its steps say. An assumption, not a
 * measure; the plan's margin stands beside it.
 */
export const p95OverExpected = 1.5

/**
 * How long going back from here takes at P95, in seconds: the longest chain of undos among the steps that have
 * touched the world, with the plan's margin.
 */
export function rollbackSeconds(runbook: Runbook, run: Run, plan: Plan): number {
  return chainSeconds(
    runbook,
    plan,
    runbook.steps.filter(step => run.steps[step.id]?.mayHaveChanged === true),
  )
}

/** The same with everything done: the longest that a rollback of this runbook is expected to take. */
function worstRollbackSeconds(runbook: Runbook, plan: Plan): number {
  return chainSeconds(runbook, plan, runbook.steps)
}

/** When a night ends whose work is all done and then undone. A window that ends before it does not hold. */
export function worstEnd(
  { projectedFinish }: { projectedFinish: string },
  runbook: Runbook,
  plan: Plan,
): Temporal.Instant {
  const seconds = Math.ceil(worstRollbackSeconds(runbook, plan))
  return Temporal.Instant.from(projectedFinish).add({ seconds })
}

/** The longest chain of undos among these steps at P95, with the plan's margin. */
export function chainSeconds(runbook: Runbook, plan: Plan, touched: readonly Step[]): number {
  if (touched.length === 0) return 0
  const chain = new Map<string, number>()
  // forwards through the runbook: the chain that ends in a step is its own undo after those it waited for
  for (const node of touched) {
    const before = earlierTouched(node, runbook, chain)
    chain.set(node.id, undoSeconds(node) + before)
  }
  return Math.max(...chain.values()) * p95OverExpected + plan.rollback.marginSeconds
}

const undoSeconds = (step: Step): number => (step.undo.possible ? step.undo.expectedSeconds : 0)

/** Gates and untouched steps are looked through: they cost no undo, but what stands before them does. */
function earlierTouched(step: Step, runbook: Runbook, chain: ReadonlyMap<string, number>): number {
  const after = new Map<string, readonly string[]>([
    ...runbook.steps.map(other => [other.id, other.after] as const),
    ...runbook.gates.map(gate => [gate.id, gate.after] as const),
  ])
  const seen = new Set<string>()
  let longest = 0
  const visit = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const known = chain.get(id)
    if (known !== undefined) {
      longest = Math.max(longest, known)
      return
    }
    for (const earlier of after.get(id) ?? []) visit(earlier)
  }
  for (const id of step.after) visit(id)
  return longest
}

/**
 * The instant after which a rollback could no longer finish inside the window: end of window − reserve −
 * P95(rollback from here) − margin. Moves earlier as more is done.
 */
export function lastSafeMoment(runbook: Runbook, run: Run, plan: Plan): Temporal.Instant {
  const needed = plan.window.rollbackReserveMinutes * 60 + rollbackSeconds(runbook, run, plan)
  return Temporal.Instant.from(run.windowEnd).subtract({ milliseconds: Math.round(needed * 1000) })
}

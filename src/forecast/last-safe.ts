import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../model/plan.ts'
import type { Residual } from '../model/residual.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import { type WayBack, wayBack } from './way-back.ts'

/**
 * Going back from here: the steps that have touched the world are undone. `starting`: steps that are about to. By what had been measured
 * when the run began, which the journal tells everybody who goes on with it.
 */
export function wayBackFromHere(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  starting: ReadonlySet<string> = new Set(),
): WayBack {
  const touched = runbook.steps.filter(({ id }) => run.steps[id]?.mayHaveChanged === true || starting.has(id))
  return wayBack({ runbook, plan, measured: run.undosBefore ?? [] }, touched)
}

/**
 * When a night ends whose work is all done and then undone: the longest that a rollback of this runbook is expected to take. A window
 * that ends before it does not hold.
 */
export function worstEnd(
  { projectedFinish }: { projectedFinish: string },
  runbook: Runbook,
  plan: Plan,
  measured: readonly Residual[] = [],
): Temporal.Instant {
  const { seconds } = wayBack({ runbook, plan, measured }, runbook.steps)
  return Temporal.Instant.from(projectedFinish).add({ seconds: Math.ceil(seconds) })
}

/**
 * The instant after which a rollback could no longer finish inside the window: end of window − reserve −
 * P95(rollback from here) − margin. Moves earlier as more is done.
 */
export function lastSafeMoment(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  starting?: ReadonlySet<string>,
): Temporal.Instant {
  return lastSafeFor(wayBackFromHere(runbook, run, plan, starting), run, plan)
}

export function lastSafeFor({ seconds }: WayBack, run: Run, plan: Plan): Temporal.Instant {
  const needed = plan.window.rollbackReserveMinutes * 60 + seconds
  return Temporal.Instant.from(run.windowEnd).subtract({ milliseconds: Math.round(needed * 1000) })
}

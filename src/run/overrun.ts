import { Temporal } from 'temporal-polyfill'
import { lastSafeMoment } from '../forecast/last-safe.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import { hasNoWayBack, isSourceLost } from './given-up/source.ts'

/** When the run is rolled back for overrun (R4), by whatever program carries it out then. Undefined: never. */
export function overrunAt(runbook: Runbook, run: Run, plan: Plan): Temporal.Instant | undefined {
  const mayComeBack = run.mode === 'live' && run.rollback === undefined && !hasNoWayBack(run)
  return mayComeBack && run.gates.reopen?.openedAt === undefined
    ? lastSafeMoment(runbook, run, plan)
    : undefined
}

/** A program that goes on with it at that instant begins with the rollback; not where the source is known to be dead. */
export function goesBackAtOnce(runbook: Runbook, run: Run, plan: Plan, at: string): boolean {
  const overrun = overrunAt(runbook, run, plan)
  if (overrun === undefined || Temporal.Instant.compare(overrun, at) > 0) return false
  return !isSourceLost(runbook, run, plan)
}

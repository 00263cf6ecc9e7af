import { Temporal } from 'temporal-polyfill'
import { lastSafeMoment } from '../forecast/last-safe.ts'
import { localTime } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { DecisionClock, ExecutorCommand } from './executor-command.ts'
import { hasNoWayBack, isSourceLost } from './given-up/source.ts'
import { isRollbackForPeople } from './return-path.ts'

/**
 * When the run is rolled back for overrun (R4), by whatever program carries it out then. Undefined: never. `starting`: if these steps
 * have begun, too.
 */
export function overrunAt(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  starting?: ReadonlySet<string>,
): Temporal.Instant | undefined {
  const mayComeBack = run.mode === 'live' && run.rollback === undefined && !hasNoWayBack(run)
  return mayComeBack && run.gates.reopen?.openedAt === undefined
    ? lastSafeMoment(runbook, run, plan, starting)
    : undefined
}

/** A program that goes on with it at that instant begins with the rollback; not where the source is known to be dead. */
export function goesBackAtOnce(runbook: Runbook, run: Run, plan: Plan, at: string): boolean {
  const overrun = overrunAt(runbook, run, plan)
  if (overrun === undefined || Temporal.Instant.compare(overrun, at) > 0) return false
  return !isSourceLost(runbook, run, plan)
}

/** Begun now, they could no longer be undone in the window: the night goes back while it still can. */
export function startsTooLate(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  going: readonly ExecutorCommand[],
  { now }: DecisionClock,
): ExecutorCommand | undefined {
  const starting = new Set(going.flatMap(command => (command.do === 'start' ? [command.step] : [])))
  if (starting.size === 0 || isRollbackForPeople(runbook, run)) return undefined
  const lastSafe = overrunAt(runbook, run, plan, starting)
  if (lastSafe === undefined || Temporal.Instant.compare(lastSafe, now) > 0) return undefined
  const values = { ...shown(lastSafe, plan), steps: [...starting].join(', ') }
  return { do: 'roll-back', trigger: 'R4', why: { key: 'run.why.startsTooLate', values } }
}

export const rollBackForOverrun = (lastSafe: Temporal.Instant, plan: Plan): ExecutorCommand => ({
  ...{ do: 'roll-back', trigger: 'R4', why: { key: 'run.why.overrun', values: shown(lastSafe, plan) } },
})

const shown = (lastSafe: Temporal.Instant, { zone }: Plan) => ({
  lastSafe: localTime(lastSafe.toString(), zone),
  zone,
})

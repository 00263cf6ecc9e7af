import type { Plan } from '../../model/plan.ts'
import type { Run } from '../../model/run.ts'
import type { Runbook } from '../../model/step.ts'
import type { DecisionClock, ExecutorCommand } from '../executor-command.ts'
import { stepState } from '../fold-step.ts'
import { hostsOfSide } from '../sides.ts'
import { failedSince } from './asked.ts'

/** Between two looks at a source that gives no answer. Seconds. */
const askEverySeconds = 30

/** All data were compared at the gate `integrity`, and the source is closed for good: the target has everything. */
export const holdsEverything = (runbook: Runbook, run: Run): boolean =>
  run.gates.integrity?.openedAt !== undefined &&
  runbook.steps.every(step => step.stopsSource !== true || stepState(run, step.id).status === 'done')

/**
 * No host of the source answered at the last look, and the target has everything: a rollback would lead to a dead site. People choose
 * between going on without a way back, waiting, and rolling back all the same.
 */
export function isSourceLost(runbook: Runbook, run: Run, plan: Plan): boolean {
  if (run.rollback !== undefined || !mayBeLost(runbook, run)) return false
  const silent = run.sitesAsked?.source?.silent ?? []
  const hosts = hostsOfSide(plan, 'source')
  return hosts.length > 0 && hosts.every(host => silent.includes(host))
}

const mayBeLost = (runbook: Runbook, run: Run): boolean =>
  run.mode === 'live' && run.siteGivenUp === undefined && holdsEverything(runbook, run)

/** In the place of a rollback that nobody ordered. Undefined: the source may be there, and the rollback begins. */
export function insteadOfRollback(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  moment: DecisionClock,
): ExecutorCommand[] | undefined {
  if (!mayBeLost(runbook, run) || hostsOfSide(plan, 'source').length === 0) return undefined
  const ask: ExecutorCommand = { do: 'ask-site', side: 'source' }
  const asked = run.sitesAsked?.source
  if (asked === undefined || failedSince(endsOf(run), asked)) return [ask]
  if (moment.isOver(asked.at, askEverySeconds)) return [ask]
  return isSourceLost(runbook, run, plan) ? [] : undefined
}

/** Of steps and checks. */
function endsOf({ steps, gates }: Run): { status: string; endedSequence?: number }[] {
  const checks = Object.values(gates).flatMap(gate => Object.values(gate.checks))
  return [
    ...Object.values(steps),
    ...checks.map(({ status, sequence = 0 }) => ({ status, endedSequence: sequence })),
  ]
}

/** The source is given up: nothing leads back any more. */
export const hasNoWayBack = ({ siteGivenUp }: Pick<Run, 'siteGivenUp'>): boolean =>
  siteGivenUp?.side === 'source'

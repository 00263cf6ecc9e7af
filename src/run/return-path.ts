import type { Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'
import { stepState } from './fold-step.ts'
import { undoState } from './fold-undo.ts'

/** A look that takes longer than this has found it broken. Seconds. */
export const patienceSeconds = 60

/**
 * The steps whose return paths what users write at the target depends on: from the reopening on, until the rollback begins, or a
 * site is given up. Empty before that: what the source gave away is still all that there is.
 */
export function returnPathSteps({ steps }: Pick<Runbook, 'steps'>, run: Run): Step[] {
  return steps.filter(step => step.makesReturnPath === 'monitored' && mattersToUsers(step, run))
}

/** Components without one: what users have written there since the reopening, a rollback would lose. In the order of the runbook. */
export function withoutReturnPath({ steps }: Pick<Runbook, 'steps'>, run: Run): string[] {
  const lacking = steps.filter(step => step.noReturnPath === true && mattersToUsers(step, run))
  return [...new Set(lacking.map(({ component }) => component))]
}

/** Users are back at the target, by this step among others. */
function mattersToUsers({ id }: Step, run: Run): boolean {
  if (run.mode !== 'live' || run.rollback !== undefined || run.siteGivenUp !== undefined) return false
  if (run.gates.reopen?.openedAt === undefined) return false
  return stepState(run, id).mayHaveChanged && undoState(run, id).status !== 'done'
}

/** Nobody but people may begin a rollback: it would lose what users wrote, or stop what serves and then fail. */
export const isRollbackForPeople = (runbook: Pick<Runbook, 'steps'>, run: Run): boolean =>
  returnPathInTheWay(runbook, run) !== undefined || withoutReturnPath(runbook, run).length > 0

/** The first that was not good when it was last looked at: by it a rollback would stop what serves, and then fail. */
export function returnPathInTheWay(runbook: Pick<Runbook, 'steps'>, run: Run) {
  for (const { component } of returnPathSteps(runbook, run)) {
    const seen = run.returnPaths[component]
    if (seen !== undefined && seen.state !== 'good') return { component, seen }
  }
  return undefined
}

export const isRepairing = ({ repair }: Run): boolean =>
  Object.values(repair?.components ?? {}).some(({ status }) => status === 'running')

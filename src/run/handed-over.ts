import type { Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'
import { stepState } from './fold-step.ts'

/**
 * A step that hands over, of that component if one is given, was begun in this run, whatever became of it: until all that it let in is
 * home, only people can say that the target holds nothing of its own. Undefined where the runbook does not say which steps do.
 */
export function handedOver(runbook: Runbook, run: Run, component?: string): boolean | undefined {
  const handing = runbook.steps.filter(
    step => step.handsOver === true && (component === undefined || step.component === component),
  )
  return handing.length === 0 ? undefined : handing.some(({ id }) => stepState(run, id).mayHaveChanged)
}

/**
 * Its undo ends the writing at the target, or brings back what users wrote there: to leave it out opens the source without that.
 * A rehearsal has no users at the target; once the target is given up, that is lost already.
 */
export const undoSavesWrites = (step: Step, { mode, siteGivenUp }: Run): boolean =>
  mode === 'live' &&
  siteGivenUp?.side !== 'target' &&
  (step.makesReturnPath !== undefined || step.handsOver === true)

import type { Run } from '../../model/run.ts'
import type { Step } from '../../model/step.ts'
import { changesOnly, undoTouches } from '../sides.ts'
import { hasNoWayBack } from './source.ts'

/** The run does without the source: what changes nothing else, and what only makes a return path, has nothing to do. */
export const isPassedOver = (run: Run, { makesReturnPath, touches = [] }: Step): boolean =>
  hasNoWayBack(run) && (makesReturnPath !== undefined || changesOnly(touches, 'source'))

/** The same of its undo, whichever site the run does without. */
export const isUndoPassedOver = ({ siteGivenUp }: Run, step: Step): boolean =>
  siteGivenUp !== undefined && changesOnly(undoTouches(step), siteGivenUp.side)

import type { PlannedStep } from '../../../model/step.ts'
import { endsOf } from '../machine/ends.ts'
import { namesOf, stepMaker, undoable } from '../planned-step.ts'
import type { MethodName } from '../spec.ts'
import { actionName, type Planning } from '../transfer-method.ts'
import { copyBackByHand } from './by-hand.ts'

/** What the ways that move whole disks have in common, once the machine is at the target. */
export function comparedAndKept(way: MethodName, planning: Planning): PlannedStep[] {
  const { component, forecast, context } = planning
  const step = stepMaker(namesOf(component, context))
  return [
    step('compare', 'drain', forecast.steps.compare ?? 10, {
      action: actionName(way, 'compare'),
      key: 'whole.compare',
      after: ['final-delta'],
      trigger: 'R3',
      attempts: 2,
    }),
    wayBackStep(way, planning),
  ]
}

export function wayBackStep(way: MethodName, { component, forecast, context }: Planning): PlannedStep {
  const step = stepMaker(namesOf(component, context))
  const byHand = copyBackByHand(endsOf({ component, plan: context.plan }))
  return step('way-back', 'handover', forecast.steps['way-back'] ?? 2, {
    action: actionName(way, 'way-back'),
    key: 'whole.way-back',
    undo: undoable(forecast.steps.return ?? 60, byHand),
  })
}

import type { PlannedStep } from '../../../../model/step.ts'
import { endsOf } from '../../machine/ends.ts'
import { namesOf, stepMaker, undoable } from '../../planned-step.ts'
import { bringHomeByHand } from '../return/by-hand.ts'
import { actionName, type Planning } from '../way.ts'

/** The steps of this way; shutdown and start stand around them. Pure. */
export function planSeedAndDelta({ component, forecast, mode, context }: Planning): PlannedStep[] {
  const names = namesOf(component, context)
  const step = stepMaker(names)
  const action = (name: string) => ({ action: actionName('seed-and-delta', name), key: `delta.${name}` })
  const seconds = (name: string): number => forecast.steps[name] ?? 10
  const giveUp = { key: 'proxmox-vm.delta.seed.byHand', values: names }
  if (mode === 'prepare') {
    return [
      step('seed', 'seed', seconds('seed'), {
        ...action('seed'),
        undo: undoable(10, giveUp),
      }),
      step('delta', 'seed', seconds('delta'), { ...action('delta'), after: ['seed'] }),
    ]
  }
  const final = step('final-delta', 'drain', seconds('final-delta'), action('final-delta'))
  if (mode === 'rehearsal') return [final]
  return [
    final,
    step('compare', 'drain', seconds('compare'), {
      ...action('compare'),
      after: ['final-delta'],
      trigger: 'R3',
      attempts: 2,
    }),
    step('way-back', 'handover', seconds('way-back'), {
      ...action('way-back'),
      undo: undoable(seconds('final-delta'), bringHomeByHand(endsOf({ component, plan: context.plan }))),
    }),
  ]
}

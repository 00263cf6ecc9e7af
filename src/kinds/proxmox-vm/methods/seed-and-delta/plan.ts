import type { PlannedStep } from '../../../../model/step.ts'
import type { Text } from '../../../../model/text.ts'
import { namesOf, stepMaker, undoable } from '../../planned-step.ts'
import type { MethodName } from '../../spec.ts'
import { actionName, type Planning } from '../../transfer-method.ts'

/** What differs between QEMU's records and ZFS: whose actions they are, and what people type in their place. */
type Variant = { way: MethodName; giveUp: Text; bringHome: Text }

type Own = 'seed' | 'delta' | 'final-delta' | 'compare' | 'way-back'

/** The steps of a full copy and its deltas; shutdown and start stand around them. Pure. */
export function planSeedAndDelta(
  { component, forecast, mode, context }: Planning,
  { way, giveUp, bringHome }: Variant,
): PlannedStep[] {
  const names = namesOf(component, context)
  const step = stepMaker(names)
  const action = (name: Own) => ({ action: actionName(way, name), key: `delta.${name}` as const })
  const sending = (name: Own) => ({ ...action(name), transfer: 'resumes' as const })
  const seconds = (name: string): number => forecast.steps[name] ?? 10
  if (mode === 'preparation') {
    return [
      step('seed', 'seed', seconds('seed'), {
        ...sending('seed'),
        undo: undoable(10, giveUp),
      }),
      step('delta', 'seed', seconds('delta'), { ...sending('delta'), after: ['seed'] }),
    ]
  }
  const final = step('final-delta', 'drain', seconds('final-delta'), sending('final-delta'))
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
      undo: undoable(seconds('final-delta'), bringHome),
    }),
  ]
}

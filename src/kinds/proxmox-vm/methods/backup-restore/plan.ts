import type { PlannedStep } from '../../../../model/step.ts'
import type { Text } from '../../../../model/text.ts'
import { comparedAndKept } from '../../failback/plan.ts'
import { namesOf, stepMaker, undoable } from '../../planned-step.ts'
import { actionName, type Planning } from '../../transfer-method.ts'

/** The steps of this way; shutdown and start stand around them. Pure. */
export function planBackupRestore(planning: Planning): PlannedStep[] {
  const { component, forecast, mode, context } = planning
  const names = namesOf(component, context)
  const step = stepMaker(names)
  const seconds = (name: string): number => forecast.steps[name] ?? 10
  // what is sent can go on, but an archive that is being made is made anew
  const action = (name: 'seed' | 'final-delta') => ({
    action: actionName('backup-restore', name),
    key: `backup.${name}` as const,
    transfer: 'goes-on' as const,
  })
  if (mode === 'preparation') {
    const byHand: Text = { key: 'proxmox-vm.backup.seed.byHand', values: names }
    return [step('seed', 'seed', seconds('seed'), { ...action('seed'), undo: undoable(10, byHand) })]
  }
  if (mode === 'rehearsal') {
    const fresh = { ...action('final-delta'), key: 'backup.fresh' as const, attempts: 2 }
    return [step('final-delta', 'drain', seconds('seed'), fresh)]
  }
  return [
    step('final-delta', 'drain', seconds('final-delta'), {
      ...action('final-delta'),
      after: ['shutdown'],
      attempts: 2,
    }),
    ...comparedAndKept('backup-restore', planning),
  ]
}

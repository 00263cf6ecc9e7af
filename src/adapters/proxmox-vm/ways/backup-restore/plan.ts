import type { PlannedStep } from '../../../../model/step.ts'
import { endsOf } from '../../machine/ends.ts'
import { namesOf, stepMaker, undoable } from '../../planned-step.ts'
import { bringHomeByHand } from '../return/by-hand.ts'
import { actionName, type Planning } from '../way.ts'

/** The steps of this way; shutdown and start stand around them. Pure. */
export function planBackupRestore(planning: Planning): PlannedStep[] {
  const { component, forecast, mode, context } = planning
  const names = namesOf(component, context)
  const step = stepMaker(names)
  const seconds = (name: string): number => forecast.steps[name] ?? 10
  const action = (name: string) => ({ action: actionName('backup-restore', name), key: `backup.${name}` })
  if (mode === 'prepare') {
    const byHand = { key: 'proxmox-vm.backup.seed.byHand', values: names }
    return [step('seed', 'seed', seconds('seed'), { ...action('seed'), undo: undoable(10, byHand) })]
  }
  if (mode === 'rehearsal')
    return [step('final-delta', 'drain', seconds('seed'), { ...action('final-delta'), attempts: 2 })]
  return [
    step('final-delta', 'drain', seconds('final-delta'), {
      ...action('final-delta'),
      after: ['shutdown'],
      attempts: 2,
    }),
    ...comparedAndKept(planning),
  ]
}

/** What ways that move whole disks have in common from there on. */
export function comparedAndKept({ component, spec: _, forecast, context }: Planning): PlannedStep[] {
  const step = stepMaker(namesOf(component, context))
  const action = (name: string) => ({ action: actionName('backup-restore', name), key: `whole.${name}` })
  const byHand = bringHomeByHand(endsOf({ component, plan: context.plan }))
  return [
    step('compare', 'drain', forecast.steps.compare ?? 10, {
      ...action('compare'),
      after: ['final-delta'],
      trigger: 'R3',
      attempts: 2,
    }),
    step('way-back', 'handover', forecast.steps['way-back'] ?? 2, {
      ...action('way-back'),
      undo: undoable(forecast.steps.return ?? 60, byHand),
    }),
  ]
}

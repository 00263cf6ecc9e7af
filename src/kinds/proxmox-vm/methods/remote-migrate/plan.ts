import type { PlannedStep } from '../../../../model/step.ts'
import { comparedAndKept, wayBackStep } from '../../failback/plan.ts'
import { startSeconds } from '../../machine/disk-rates.ts'
import { endsOf } from '../../machine/ends.ts'
import { unlock } from '../../machine/host-commands.ts'
import { namesOf, sentences, stepMaker, undoable } from '../../planned-step.ts'
import type { MethodName } from '../../spec.ts'
import { actionName, type Planning } from '../../transfer-method.ts'
import { planBackupRestore } from '../backup-restore/plan.ts'

const giveBackSeconds = 5

/** Off: all of the disk travels in the night, and both ends are compared. Pure. */
export function planRemoteMigrate(planning: Planning): PlannedStep[] {
  if (planning.mode !== 'live') return daysBefore('remote-migrate', planning)
  const move = moveStep('remote-migrate', planning, giveBackSeconds)
  return [{ ...move, after: ['shutdown'] }, ...comparedAndKept('remote-migrate', planning)]
}

/** Running: nothing stands still that could be compared; what PVE's mirror has not copied, it does not switch to. */
export function planRemoteMigrateOnline(planning: Planning): PlannedStep[] {
  const way = 'remote-migrate-online'
  if (planning.mode !== 'live') return daysBefore(way, planning)
  const move = moveStep(way, planning, giveBackSeconds + startSeconds)
  return [move, { ...wayBackStep(way, planning), after: ['final-delta'] }]
}

/** PVE migrates a machine or leaves it: test restores and rehearsals are made of an archive. */
const daysBefore = (way: MethodName, planning: Planning): PlannedStep[] =>
  planBackupRestore(planning).map(step => ({ ...step, action: actionName(way, step.name) }))

function moveStep(way: MethodName, { component, forecast, context }: Planning, undoSeconds: number) {
  const names = namesOf(component, context)
  const { source } = endsOf({ component, plan: context.plan })
  const key = way === 'remote-migrate' ? 'migrate.off' : 'migrate.running'
  const byHand = {
    key: sentences[key].byHand,
    values: { ...names, command: unlock(source.vmid).join(' ') },
  }
  return stepMaker(names)('final-delta', 'drain', forecast.steps['final-delta'] ?? 60, {
    action: actionName(way, 'final-delta'),
    key,
    attempts: 2,
    transfer: 'goes-on',
    undo: undoable(undoSeconds, byHand),
  })
}

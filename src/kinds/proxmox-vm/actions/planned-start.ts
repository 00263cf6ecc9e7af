import type { MessageKey } from '../../../model/text.ts'
import type { Planned } from '../../kit/kind-parts.ts'
import type { AboutMachine } from '../facts.ts'
import { powerSeconds, startTime } from '../machine/disk-rates.ts'
import { planned, said, undoable } from '../planned-step.ts'
import type { Methods } from '../transfer-method.ts'

/** The start of the machine, or of the copy that stands for it in a rehearsal. */
export function plannedStart(
  about: AboutMachine,
  methods: Methods,
  title: MessageKey,
  byHand: MessageKey,
): Planned {
  const { spec, plan } = about
  const deadlineSeconds = powerSeconds(spec)
  return planned(about, {
    title,
    stage: 'start',
    expectedSeconds: startTime(spec),
    params: { way: methods.chosen(about).name },
    attempts: plan.rollback.serviceStartAttempts,
    trigger: 'R2',
    deadlineSeconds,
    undo: { ...undoable(5, said(about, byHand)), deadlineSeconds },
  })
}

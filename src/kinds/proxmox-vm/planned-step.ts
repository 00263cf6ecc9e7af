import type { Undo } from '../../model/step.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { Planned } from '../kit/kind-parts.ts'
import { endsOf, type Of } from './sides.ts'

/** The values by which the sentences of a machine's steps are filled. */
function namesOf(of: Of) {
  const { source, target } = endsOf(of)
  return {
    machine: of.component.title,
    sourceSite: source.siteTitle,
    targetSite: target.siteTitle,
    source: source.host.ssh,
    target: target.host.ssh,
    vmid: source.vmid,
    targetVmid: target.vmid,
    staging: source.staging,
  }
}
/** A sentence about the step's machine. */
export const said = (of: Of, key: MessageKey): Text => ({ key, values: namesOf(of) })

type Own = { title: MessageKey; stage: Planned['stage']; expectedSeconds: number } & (
  | { undo: Undo; noUndo?: never }
  | { undo?: never; noUndo: MessageKey }
) &
  Partial<Omit<Planned, 'title' | 'undo'>>

/** A step of one machine, with what is usual: an attempt may take several times what is expected. */
export function planned(of: Of, { title, expectedSeconds, undo, noUndo, ...others }: Own): Planned {
  return {
    title: said(of, title),
    expectedSeconds: Math.ceil(expectedSeconds),
    deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
    attempts: 3,
    backoffSeconds: 3,
    trigger: 'failure',
    ...others,
    undo: undo ?? { possible: false, why: said(of, noUndo) },
  }
}

export const undoable = (expectedSeconds: number, byHand: Text): Undo & { possible: true } => ({
  possible: true,
  expectedSeconds: Math.ceil(expectedSeconds),
  deadlineSeconds: Math.ceil(120 + expectedSeconds * 4),
  byHand,
})

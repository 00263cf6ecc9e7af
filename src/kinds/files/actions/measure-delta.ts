import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { auditedMountPoint, requireSender } from '../guard.ts'
import { compare } from '../sync.ts'
import { treePairOf } from '../tree-pair.ts'

/** Rehearsal: how long the walk of the final delta takes and what it would send. Changes nothing. */
export const measureDelta: Action = {
  isDone: async () => false,

  async apply({ component, plan, facts }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    await requireSender(io, trees.source, auditedMountPoint(facts[component.id]))
    const { entries, sentFiles, sentBytes, deleted } = await compare(io, trees, { delete: {} })
    return { entries, files: sentFiles, bytes: sentBytes, deleted }
  },
}

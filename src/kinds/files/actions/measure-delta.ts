import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { auditedMountPoint, requireSender } from '../guard.ts'
import { placesOf } from '../places.ts'
import { compare } from '../sync.ts'

/** Rehearsal: how long the walk of the final delta takes and what it would send. Changes nothing. */
export const measureDelta: Action = {
  isDone: async () => false,

  async apply({ component, plan, facts }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const places = placesOf(component, plan)
    await requireSender(io, places.source, auditedMountPoint(facts[component.id]))
    const { entries, sentFiles, sentBytes, deleted } = await compare(io, places, { delete: {} })
    return { entries, files: sentFiles, bytes: sentBytes, deleted }
  },
}

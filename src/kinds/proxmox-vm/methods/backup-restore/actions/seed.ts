import type { ChangeIo } from '../../../../../model/io.ts'
import type { JsonObject } from '../../../../../model/json.ts'
import type { Action, StepContext } from '../../../../../model/kind.ts'
import { endsOf } from '../../../machine/ends.ts'
import { statusAt } from '../../../machine/existing.ts'
import { bringArchive, removeAtSource, removeAtTarget } from '../send.ts'

/**
 * An archive of the machine at the target while users work: what test restores and rehearsals are made of. Each time it is run
 * again, a new one in its place.
 */
export const seed: Action = {
  isDone: async () => false,

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const ends = endsOf(context)
    const status = await statusAt(io, ends.source)
    const off = status?.status !== 'running'
    const limitMbps = ends.spec.bandwidthLimitMbps
    const { archive, transfer } = await bringArchive(io, ends, { off, limitMbps })
    return { archive: archive.volid, sizeBytes: archive.sizeBytes, at: archive.at, transfer }
  },

  /** A move that is given up leaves no personal data behind. */
  async undo(context: StepContext, io: ChangeIo): Promise<void> {
    const ends = endsOf(context)
    await removeAtTarget(io, ends.target)
    await removeAtSource(io, ends.source)
  },
}

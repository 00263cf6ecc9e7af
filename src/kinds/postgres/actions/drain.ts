import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { flushedPosition, replayedPosition } from '../cluster.ts'
import { sidesOf } from '../sides.ts'
import { waitForEquality } from '../standby.ts'

/**
 * Everything the source ever wrote has been replayed at the target, to the byte. The checkpoints make the stop, the
 * promotion and the way back short.
 */
export const drain: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    const position = await flushedPosition(source, io)
    if (position !== (await replayedPosition(target, io))) return false
    return { position, bytesBehind: 0 }
  },

  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    await io.execute(source.sql, 'checkpoint')
    await waitForEquality(source, target, io)
    await io.execute(target.sql, 'checkpoint')
    const position = await waitForEquality(source, target, io)
    return { position, bytesBehind: 0 }
  },

  /** Nothing was changed that would have to be changed back. */
  async undo() {},
}

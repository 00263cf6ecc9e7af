import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { flushedPosition, stateOf } from '../cluster.ts'
import { nextTransaction } from '../compare/quiet.ts'
import { fenceCluster, hasSessions, isFenced, liftFence } from '../fencing.ts'
import { sidesOf } from '../sides.ts'
import { refuseSecondPrimary } from '../standby.ts'

/** From here on the source is read only; users are shut out of both sides. */
export const fence: Action = {
  async isDone(context, io) {
    const { source } = sidesOf(context)
    if (!(await isFenced(source, io)) || (await hasSessions(source, io))) return false
    return { sessionsEnded: 0, position: await flushedPosition(source, io) }
  },

  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    if ((await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    const { sessionsEnded } = await fenceCluster(source, io)
    return {
      sessionsEnded,
      position: await flushedPosition(source, io),
      nextTransaction: await nextTransaction(source, io),
    }
  },

  async undo(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source)
    // Users come back to the source only when nobody can write at the target.
    if ((await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    await liftFence(source, io)
  },
}

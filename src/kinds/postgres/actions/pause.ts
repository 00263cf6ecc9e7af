import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { replayedPosition, stateOf } from '../cluster.ts'
import { sidesOf } from '../sides.ts'
import { waitForStreaming } from '../standby.ts'

/**
 * Rehearsal only: the copy stops following at one position, with a checkpoint there, so that it is known what the
 * rehearsal began with and the way back is short. The source goes on serving; its slot keeps what the copy misses.
 */
export const pause: Action = {
  async isDone(context, io) {
    const { target } = sidesOf(context)
    const rows = await io.query(
      target.sql,
      'select pg_is_in_recovery() and pg_is_wal_replay_paused() as paused',
    )
    return rows[0]?.paused === true ? { position: await replayedPosition(target, io) } : false
  },

  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, target)
    await waitForStreaming(target, source, io)
    await io.execute(target.sql, 'checkpoint')
    await io.execute(target.sql, 'select pg_wal_replay_pause()')
    return { position: await replayedPosition(target, io) }
  },

  async undo(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, target)
    if ((await stateOf(target, io)) === 'standby')
      await io.execute(target.sql, 'select pg_wal_replay_resume()')
    await waitForStreaming(target, source, io)
  },
}

import { z } from 'zod'
import { shortDeadlineSeconds, twice } from '../../kit/timings.ts'
import { byHandAt, psql } from '../by-hand.ts'
import { replayedPosition, stateOf } from '../cluster.ts'
import { postgres } from '../define.ts'
import { type Side, sidesOf } from '../sides.ts'
import { canFollow, copyOutdated, waitForStreaming } from '../standby.ts'

/**
 * Rehearsal only: the copy stops following at one position, with a checkpoint there, so that it is known what the
 * rehearsal began with and the way back is short. The source goes on serving; its slot keeps what the copy misses.
 */
export const pause = postgres.action({
  name: 'pause',
  touches: ['target'],
  result: z.object({ position: z.string() }),
  plan: about => ({
    title: { key: 'postgres.pause.title', values: { component: about.component.id } },
    stage: 'handover',
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'rehearsal',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: 120,
      byHand: { key: 'postgres.pause.byHand', values: resumeByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    const rows = await io.query(
      target.sql,
      'select pg_is_in_recovery() and pg_is_wal_replay_paused() as paused',
    )
    return rows[0]?.paused === true ? { position: await replayedPosition(target, io) } : false
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    const at = io.at('target')
    await waitForStreaming(target, source, io)
    await at.execute(target.sql, 'checkpoint')
    await at.execute(target.sql, 'select pg_wal_replay_pause()')
    return { position: await replayedPosition(target, io) }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(target, io)) === 'standby')
      await io.at('target').execute(target.sql, 'select pg_wal_replay_resume()')
    if (!(await canFollow(target, source, io))) return [copyOutdated(target, source)]
    await waitForStreaming(target, source, io)
    return []
  },
})

const resumeByHand = (target: Side) => byHandAt(target, psql(target, 'select pg_wal_replay_resume()'))

import { z } from 'zod'
import { twice } from '../../kit/timings.ts'
import { flushedPosition, replayedPosition } from '../cluster.ts'
import { postgres } from '../define.ts'
import { sidesOf } from '../sides.ts'
import { waitForEquality } from '../standby.ts'
import { fence } from './fence.ts'

/**
 * Everything the source ever wrote has been replayed at the target, to the byte. The checkpoints make the stop, the
 * promotion and the way back short.
 */
export const drain = postgres.action({
  name: 'drain',
  touches: ['source', 'target'],
  undoTouches: [],
  result: z.object({ position: z.string(), bytesBehind: z.number() }),
  plan: ({ component }) => ({
    title: { key: 'postgres.drain.title', values: { component: component.id } },
    stage: 'drain',
    after: [fence],
    expectedSeconds: 1,
    deadlineSeconds: 120,
    ...twice,
    trigger: 'R3',
    undo: {
      possible: true,
      expectedSeconds: 0,
      deadlineSeconds: 30,
      byHand: { key: 'postgres.drain.byHand', values: { component: component.id } },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    const position = await flushedPosition(source, io)
    if (position !== (await replayedPosition(target, io))) return false
    return { position, bytesBehind: 0 }
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    await io.at('source').execute(source.sql, 'checkpoint')
    await waitForEquality(source, target, io)
    await io.at('target').execute(target.sql, 'checkpoint')
    const position = await waitForEquality(source, target, io)
    return { position, bytesBehind: 0 }
  },

  /** Nothing was changed that would have to be changed back. */
  async undo() {},
})

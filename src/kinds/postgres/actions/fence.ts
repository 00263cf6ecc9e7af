import { z } from 'zod'
import { shortDeadlineSeconds, twice } from '../../kit/timings.ts'
import { byHandAt, openToUsers, psql } from '../by-hand.ts'
import { flushedPosition, stateOf } from '../cluster.ts'
import { nextTransaction } from '../compare/proof.ts'
import { postgres } from '../define.ts'
import { type Side, sidesOf } from '../sides.ts'
import { refuseSecondPrimary } from '../standby.ts'
import { fenceCluster, hasSessions, isFenced, liftFence, openAgain } from '../write-fence.ts'

/** From here on the source is read only; users are shut out of both sides. */
export const fence = postgres.action({
  name: 'fence',
  touches: ['source', 'target'],
  undoTouches: ['source'],
  result: z.object({
    sessionsEnded: z.number(),
    position: z.string(),
    nextTransaction: z.string().optional(),
  }),
  plan: about => ({
    title: { key: 'postgres.fence.title', values: { component: about.component.id } },
    stage: 'fence',
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.fence.byHand', values: openByHand(sidesOf(about).source) },
    },
  }),

  async isDone(about, io) {
    const { source } = sidesOf(about)
    if (!(await isFenced(source, io)) || (await hasSessions(source, io))) return false
    return { sessionsEnded: 0, position: await flushedPosition(source, io) }
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    const { sessionsEnded } = await fenceCluster(source, io.at('source'))
    return {
      sessionsEnded,
      position: await flushedPosition(source, io),
      nextTransaction: await nextTransaction(source, io),
    }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    // Users come back to the source only when nobody can write at the target; one that was never promoted need not be asked.
    if (about.handedOver && (await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    await liftFence(source, io.at('source'))
  },

  undoWithout: {
    target: (about, io) => openAgain(sidesOf(about).source, io.at('source')),
  },
})

const openByHand = (source: Side) => byHandAt(source, psql(source, ...openToUsers()))

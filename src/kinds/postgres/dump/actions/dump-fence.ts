import { z } from 'zod'
import { shortDeadlineSeconds, twice } from '../../../kit/timings.ts'
import { byHandAt, openToUsers, psql } from '../../by-hand.ts'
import { flushedPosition } from '../../cluster.ts'
import { dumping } from '../../define.ts'
import { sidesOf } from '../../sides.ts'
import { fenceCluster, hasSessions, isFenced, liftFence, openAgain } from '../../write-fence.ts'
import { refuseOpen } from '../refuse-open.ts'

/** From here on the source is read only, and users are shut out: what is dumped is all that there is. */
export const dumpFence = dumping.action({
  name: 'dump-fence',
  step: 'fence',
  touches: ['source'],
  result: z.object({ sessionsEnded: z.number(), position: z.string() }),
  plan: about => ({
    title: { key: 'postgres.dump-fence.title', values: { component: about.component.id } },
    stage: 'fence',
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: {
        key: 'postgres.dump-fence.byHand',
        values: byHandAt(sidesOf(about).source, psql(sidesOf(about).source, ...openToUsers())),
      },
    },
  }),

  async isDone(about, io) {
    const { source } = sidesOf(about)
    if (!(await isFenced(source, io)) || (await hasSessions(source, io))) return false
    return { sessionsEnded: 0, position: await flushedPosition(source, io) }
  },

  async apply(about, io) {
    const { source } = sidesOf(about)
    const { sessionsEnded } = await fenceCluster(source, io.at('source'))
    return { sessionsEnded, position: await flushedPosition(source, io) }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    // Users come back to the source only when nobody can write at the target; one that never let them in need not be asked.
    if (about.handedOver) await refuseOpen(target, io)
    await liftFence(source, io.at('source'))
  },

  undoWithout: { target: (about, io) => openAgain(sidesOf(about).source, io.at('source')) },
})

import { shortDeadlineSeconds, twice } from '../../kit/timings.ts'
import { stateOf } from '../cluster.ts'
import { endCommits, holdCommits, mayWait } from '../commits.ts'
import { postgres } from '../define.ts'
import { sidesOf } from '../sides.ts'

/** After the monitoring period: users at the target wait for nobody any more. */
export const releaseCommits = postgres.action({
  name: 'release-commits',
  touches: ['target'],
  plan: about => ({
    title: { key: 'postgres.release-commits.title', values: { component: about.component.id } },
    stage: 'close',
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 5,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.release-commits.byHand', values: { component: about.component.id } },
    },
  }),

  isDone: async (about, io) => !(await mayWait(sidesOf(about).target, io)),

  async apply(about, io) {
    await endCommits(sidesOf(about).target, io.at('target'))
    return undefined
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(target, io)) === 'primary') await holdCommits(target, source, io.at('target'))
  },
})

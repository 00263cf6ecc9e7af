import { z } from 'zod'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { asPostgres, byHandAt, psql } from '../by-hand.ts'
import { stateOf } from '../cluster.ts'
import { removeFile } from '../commands.ts'
import { commitsAt, endCommits, holdCommits, mayWait } from '../commits.ts'
import { postgres } from '../define.ts'
import { commitsPath, type Side, sidesOf } from '../sides.ts'

/**
 * Once users are back, and for a plan that wants it: a commit at the target is acknowledged when it is at the old source, too. It never
 * fails for want of the source: that would undo a night whose users are served.
 */
export const holdCommitsStep = postgres.action({
  name: 'hold-commits',
  touches: ['target'],
  result: z.object({ held: z.boolean() }),
  plan: about => ({
    title: { key: 'postgres.hold-commits.title', values: { component: about.component.id } },
    stage: 'settle',
    // users are served: a target that cannot be asked must not end that
    beside: true,
    expectedSeconds: 5,
    deadlineSeconds: shortDeadlineSeconds,
    ...{ attempts: 10, backoffSeconds: 10 },
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 1,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.hold-commits.byHand', values: letGoByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(target, io)) !== 'primary' || !(await mayWait(target, io))) return false
    return (await commitsAt(target, source, io)) === 'both' ? { held: true } : false
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    if (about.without === 'source') return { held: false }
    const held = await holdCommits(target, source, io.at('target'))
    if (!held) io.report({ note: { key: 'postgres.commits.notHeld', values: { host: target.host } } })
    return { held }
  },

  undo: (about, io) => endCommits(sidesOf(about).target, io.at('target')),

  undoWithout: { target: async () => {} },
})

const letGoByHand = (target: Side) =>
  byHandAt(target, asPostgres(removeFile(commitsPath(target))), psql(target, 'select pg_reload_conf()'))

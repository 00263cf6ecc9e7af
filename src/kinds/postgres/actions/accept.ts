import { z } from 'zod'
import { shortDeadlineSeconds, twice } from '../../kit/timings.ts'
import { byHandAt, closeToUsers, psql } from '../by-hand.ts'
import { flushedPosition, stateOf } from '../cluster.ts'
import { postgres } from '../define.ts'
import { readSaved } from '../saved.ts'
import { type Side, sidesOf } from '../sides.ts'
import { acceptWrites, fenceCluster, isReadOnlyByDefault } from '../write-fence.ts'
import { keepSnapshot } from './keep-snapshot.ts'
import { reverse } from './reverse.ts'
import { trialPromote } from './trial-promote.ts'

/** The target takes writes, proven by one. In a rehearsal no fence came over, and none is put up again. */
export const accept = postgres.action({
  name: 'accept',
  touches: ['target'],
  result: z.object({ position: z.string() }),
  plan: about => ({
    title: { key: 'postgres.accept.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [reverse, trialPromote, keepSnapshot],
    expectedSeconds: 1,
    deadlineSeconds: shortDeadlineSeconds,
    ...twice,
    trigger: 'R1',
    undo: {
      possible: true,
      expectedSeconds: about.mode === 'rehearsal' ? 0 : 2,
      deadlineSeconds: about.mode === 'rehearsal' ? 30 : shortDeadlineSeconds,
      byHand: { key: 'postgres.accept.byHand', values: closeByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    if ((await stateOf(target, io)) !== 'primary') return false
    if ((await isReadOnlyByDefault(target, io)) || (await readSaved(target, 'fence', io)) !== undefined)
      return false
    return { position: await flushedPosition(target, io) }
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    await acceptWrites(target, io.at('target'))
    return { position: await flushedPosition(target, io) }
  },

  async undo(about, io) {
    const { target } = sidesOf(about)
    if (about.mode === 'rehearsal' || (await stateOf(target, io)) !== 'primary') return
    await fenceCluster(target, io.at('target'))
  },
})

const closeByHand = (target: Side) => byHandAt(target, psql(target, ...closeToUsers(target)))

import { z } from 'zod'
import { stopAsStandbyByHand } from '../by-hand.ts'
import { stateOf } from '../cluster.ts'
import { copyFrom, rejoin } from '../copy.ts'
import { postgres } from '../define.ts'
import { sidesOf } from '../sides.ts'
import {
  canFollow,
  copyOutdated,
  isPromoted,
  promoteStandby,
  stopAsStandby,
  waitForStreaming,
} from '../standby.ts'
import { pause } from './pause.ts'

/**
 * Rehearsal only: the target becomes a primary while the source goes on serving; what is written to it is thrown away. The source
 * is only read: the slot that the way back needs was made by `create-slot`.
 */
export const trialPromote = postgres.action({
  name: 'trial-promote',
  touches: ['target'],
  result: z.object({ seconds: z.number().optional() }),
  plan: about => {
    const { component, facts, plan } = about
    const again = 15 + (facts.sizeBytes ?? 0) / copiedBytesPerSecond
    return {
      title: { key: 'postgres.trial-promote.title', values: { component: component.id } },
      stage: 'handover',
      after: [pause],
      expectedSeconds: 2,
      deadlineSeconds: plan.rollback.databaseStartSeconds + 5,
      attempts: 1,
      backoffSeconds: 5,
      trigger: 'R1',
      undo: {
        possible: true,
        expectedSeconds: Math.round(again),
        deadlineSeconds: Math.round(again * 10 + 600),
        byHand: {
          key: 'postgres.trial-promote.byHand',
          values: stopAsStandbyByHand(sidesOf(about).target),
        },
      },
    }
  },

  async isDone(about, io) {
    const { target } = sidesOf(about)
    return (await stateOf(target, io)) === 'primary' ? {} : false
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    if (await isPromoted(target, io)) return {}
    return {
      seconds: await promoteStandby(target, io.at('target'), about.plan.rollback.databaseStartSeconds),
    }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    const at = io.at('target')
    if (!(await canFollow(target, source, io))) {
      // Another slot would be a change at the source: that is for the next preparation.
      await stopAsStandby(target, at)
      return [copyOutdated(target, source)]
    }
    try {
      await rejoin(target, source, at)
    } catch (error) {
      if (io.signal.aborted) throw error
      // Too much log is gone for a rewind: the copy is made again, which takes longer and always works.
      await copyFrom(source, target, at, 'spread')
      await waitForStreaming(target, source, io)
    }
    return []
  },
})

/** How fast a copy is rewound or made again, measured in the laboratory. */
const copiedBytesPerSecond = 200e6

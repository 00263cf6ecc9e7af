import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { stopAsStandbyByHand } from '../by-hand.ts'
import { stateOf } from '../cluster.ts'
import { postgres } from '../define.ts'
import { type Side, type Sides, sidesOf } from '../sides.ts'
import { isPromoted, promoteStandby, refuseSecondPrimary, stopAsStandby } from '../standby.ts'
import { hasSessions, isFenced } from '../write-fence.ts'
import { stopSource } from './stop-source.ts'

/** The target becomes a primary, once the source no longer serves. */
export const promote = postgres.action({
  name: 'promote',
  touches: ['source', 'target'],
  undoTouches: ['target'],
  handsOver: true,
  result: z.object({ seconds: z.number().optional() }),
  plan: about => ({
    title: { key: 'postgres.promote.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [stopSource],
    expectedSeconds: 2,
    // A little more than it may take, so that its own message comes before the deadline cuts it off.
    deadlineSeconds: about.plan.rollback.databaseStartSeconds + 5,
    attempts: 1,
    backoffSeconds: 5,
    trigger: 'R1',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: 120,
      byHand: { key: 'postgres.promote.byHand', values: stopAsStandbyByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    return (await stateOf(target, io)) === 'primary' ? {} : false
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    if (await isPromoted(target, io)) return {}
    // without the source two people answer for its being shut
    const isDead = about.without === 'source'
    if (!isDead && ['primary', 'starting'].includes(await stateOf(source, io))) refuseSecondPrimary(source)
    return {
      seconds: await promoteStandby(target, io.at('target'), about.plan.rollback.databaseStartSeconds),
    }
  },

  undo: (about, io) => leaveStopped(sidesOf(about), io.at('target')),
})

/**
 * A target that never had users, or was handed back: it is stopped, and marked so that it starts as a standby. One
 * that may hold the only copy of what users wrote is left alone.
 */
async function leaveStopped({ source, target }: Sides, io: ChangeIo): Promise<void> {
  const state = await stateOf(target, io)
  const sourceHasAuthority = (await stateOf(source, io)) === 'primary'
  if (state === 'standby' && sourceHasAuthority) return
  if (state === 'primary' && !sourceHasAuthority) await refuseWithUsers(target, io)
  await stopAsStandby(target, io)
}

async function refuseWithUsers(target: Side, io: ReadIo): Promise<void> {
  const shut = (await closedToUsers(target, io)) && !(await hasSessions(target, io))
  if (shut) return
  throw new Failure(
    { key: 'postgres.promote.wouldLose', values: { host: target.host } },
    { remedy: { key: 'postgres.promote.wouldLose.remedy' } },
  )
}

/** The limits came over with the data; the read-only default stands in each server's own files. */
async function closedToUsers(target: Side, io: ReadIo): Promise<boolean> {
  if (await isFenced(target, io)) return true
  const rows = await io.query(
    target.sql,
    'select 1 as yes from pg_database where datallowconn and not datistemplate and datconnlimit <> 0',
  )
  return rows.length === 0
}

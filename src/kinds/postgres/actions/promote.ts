import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { stateOf, stop } from '../cluster.ts'
import { copyFrom } from '../copy.ts'
import { hasSessions, isFenced } from '../fencing.ts'
import { rejoin } from '../rejoin.ts'
import { type Side, type Sides, sidesOf } from '../sides.ts'
import {
  isStreaming,
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  waitForStreaming,
} from '../standby.ts'

/** The target becomes a primary. In a rehearsal the source goes on serving, and the target's own writes are thrown away. */
export const promote: Action = {
  async isDone(context, io) {
    const { target } = sidesOf(context)
    return (await stateOf(target, io)) === 'primary'
  },

  async apply(context, io) {
    const { target } = sidesOf(context)
    await claimSides(context, io)
    if ((await stateOf(target, io)) === 'primary') return {}
    await refuseEarly(context, io)
    const startedAt = Date.parse(io.now())
    await promoteStandby(target, io, context.plan.rollback.databaseStartSeconds)
    return { seconds: (Date.parse(io.now()) - startedAt) / 1000 }
  },

  async undo(context, io) {
    const sides = sidesOf(context)
    await claimSides(context, io)
    if (context.mode === 'rehearsal') await backToStandby(sides, io)
    else await leaveStopped(sides, io)
  },
}

/** A rehearsal does not touch the source at all. */
const claimSides = (context: StepContext, io: ChangeIo): Promise<void> => {
  const { source, target } = sidesOf(context)
  const touched = context.mode === 'rehearsal' ? [target] : [source, target]
  return claim(context.fencingNumber, io, ...touched)
}

async function refuseEarly(context: StepContext, io: ReadIo): Promise<void> {
  const { source, target } = sidesOf(context)
  if ((await stateOf(target, io)) !== 'standby') {
    throw new Failure({ key: 'postgres.promote.noStandby', values: { host: target.host } })
  }
  const serving = ['primary', 'starting'].includes(await stateOf(source, io))
  if (context.mode !== 'rehearsal' && serving) refuseSecondPrimary(source)
}

async function backToStandby({ source, target }: Sides, io: ChangeIo): Promise<void> {
  // Never promoted, or taken back by an earlier attempt.
  if ((await stateOf(target, io)) === 'standby' && (await isStreaming(target, source, io))) return
  try {
    await rejoin(target, source, io)
  } catch (error) {
    if (io.signal.aborted) throw error
    // Too much log is gone for a rewind: the copy is made again, which takes longer and always works.
    await copyFrom(source, target, io)
    await waitForStreaming(target, source, io)
  }
}

/**
 * A target that never had users, or was handed back: it is stopped, and marked as a standby for whoever starts it. One
 * that may hold the only copy of what users wrote is left alone.
 */
async function leaveStopped({ source, target }: Sides, io: ChangeIo): Promise<void> {
  const state = await stateOf(target, io)
  const sourceHasAuthority = (await stateOf(source, io)) === 'primary'
  if (state === 'standby' && sourceHasAuthority) return
  if (state === 'primary' && !sourceHasAuthority) await refuseWithUsers(target, io)
  await signalStandby(target, io)
  await stop(target, io, { orImmediate: true, seconds: 20 })
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

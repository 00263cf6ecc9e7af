import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { type ClusterState, controlOf, replayedPosition, start, stateOf, stop } from './cluster.ts'
import { sharedSettings } from './copy.ts'
import { fenceCluster, liftFilesFence } from './fencing.ts'
import { isPast, type Lsn } from './lsn.ts'
import { type Side, type Sides, slotOf } from './sides.ts'
import { dropSlot, ensureSlot } from './slots.ts'
import {
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  waitForEquality,
  waitForStreaming,
  writeStandbySettings,
} from './standby.ts'
import { until } from './wait.ts'

const promotionSeconds = 60

/**
 * Authority goes back to the source with all that was written at the target: target fenced, positions equal to the byte,
 * target stopped cleanly, its last record found at the source, source promoted. After a crash at any point it goes
 * on from what the two clusters say of themselves. Throws Failure rather than lose anything.
 */
export async function handBack(sides: Sides, io: ChangeIo): Promise<void> {
  const { source, target } = sides
  if ((await stateOf(source, io)) !== 'primary') {
    await bringHome(source, target, io)
    await promoteStandby(source, io, promotionSeconds)
  } else if ((await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
  await followAgain(sides, io)
}

/** Everything the target has is at the source, and the target is down. */
async function bringHome(source: Side, target: Side, io: ChangeIo): Promise<void> {
  const state = await stateOf(target, io)
  if (state === 'stopped' && (await controlOf(target, io)).state === 'shut down') {
    // Stopped cleanly by an earlier attempt: the source may have all of it already, without the target's help.
    if ((await start(source, io)) === 'primary') return
    if (await has(source, (await controlOf(target, io)).checkpoint, io)) return
  }
  if ((await start(target, io)) !== 'primary') {
    throw new Failure({ key: 'postgres.handBack.targetNotPrimary', values: { host: target.host } })
  }
  await ensureSlot(target, slotOf(source), io)
  await follow(source, target, io)
  await fenceCluster(target, io)
  await io.execute(target.sql, 'checkpoint')
  await waitForEquality(target, source, io)
  await stop(target, io)
  const { state: left, checkpoint } = await controlOf(target, io)
  if (left !== 'shut down') {
    throw new Failure({ key: 'postgres.handBack.unclean', values: { host: target.host, state: left } })
  }
  await until(io, async () => ((await has(source, checkpoint, io)) ? true : undefined), {
    seconds: 30,
    otherwise: () => ({ key: 'postgres.handBack.notReceived', values: { host: source.host, checkpoint } }),
    remedy: { key: 'postgres.handBack.notReceived.remedy', values: { host: target.host } },
  })
}

const has = async (standby: Side, checkpoint: Lsn, io: ChangeIo): Promise<boolean> =>
  isPast(await replayedPosition(standby, io), checkpoint)

async function follow(source: Side, target: Side, io: ChangeIo): Promise<void> {
  const state: ClusterState = await stateOf(source, io)
  if (state !== 'standby') await signalStandby(source, io)
  await start(source, io)
  await waitForStreaming(source, target, io)
}

/**
 * The target was stopped at exactly the position the source went on from: it can follow at once, for the next try. It is
 * another copy now as far as the proof goes. Not being able to is no reason to fail the way back.
 */
async function followAgain({ source, target }: Sides, io: ChangeIo): Promise<void> {
  await signalStandby(target, io)
  try {
    await ensureSlot(source, slotOf(target), io)
    if ((await stateOf(target, io)) === 'stopped') {
      await writeStandbySettings(target, source, await sharedSettings(source, io), io)
    }
    await start(target, io)
    await waitForStreaming(target, source, io, 20)
    await liftFilesFence(target, source, io)
    await dropSlot(target, slotOf(source), io)
  } catch (error) {
    if (io.signal.aborted) throw error
    await stop(target, io, { orImmediate: true }).catch(() => undefined)
    io.report({ note: 'the target stays stopped; the next replication brings it back' })
  }
}

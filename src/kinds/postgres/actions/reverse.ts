import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { typed } from '../../kit/by-hand.ts'
import { twice } from '../../kit/timings.ts'
import { asPostgres, closeToUsers, dataDirectoryByHand, psql } from '../by-hand.ts'
import {
  type ClusterState,
  controlOf,
  isHalfCopied,
  isWholeCopy,
  replayedPosition,
  start,
  stateOf,
  stop,
} from '../cluster.ts'
import { controlData, stopCluster } from '../commands.ts'
import { endCommits, isSynchronous } from '../commits.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { isAtLeast, isPast, type Lsn } from '../lsn.ts'
import { receivedFrom } from '../received.ts'
import {
  makeAgain,
  markerQuery,
  proveByMarker,
  putAsideHalfCopy,
  removeOldCluster,
} from '../restore-return-path.ts'
import { proofSlotOf, type Side, type Sides, sidesOf, slotOf } from '../sides.ts'
import { queryOne } from '../sql.ts'
import {
  canFollow,
  dropSlot,
  ensureSlot,
  isStreaming,
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  slotAt,
  waitForEquality,
  waitForStreaming,
  writeStandbySettings,
} from '../standby.ts'
import { waitUntil } from '../wait-until.ts'
import { fenceCluster, liftFilesFence } from '../write-fence.ts'
import { promote } from './promote.ts'
import { copyDeadlineSeconds } from './seed.ts'

const handle = {
  name: 'reverse',
  makesReturnPath: true,
  touches: ['source', 'target'],
  result: z.object({ marker: z.string(), seconds: z.number().optional() }),
} as const

/** The old source follows the target: what users will write comes back, proven by a mark that went the way. */
export const reverse = postgres.action({
  ...handle,
  plan: about => ({
    title: { key: 'postgres.reverse.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [promote],
    expectedSeconds: 3,
    deadlineSeconds: 180,
    ...twice,
    trigger: 'R3',
    undo: {
      possible: true,
      expectedSeconds: 8,
      // a source that cannot follow any more is copied anew
      deadlineSeconds: copyDeadlineSeconds(about),
      byHand: { key: 'postgres.reverse.byHand', values: failBackByHand(sidesOf(about)) },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(source, io)) !== 'standby' || (await stateOf(target, io)) !== 'primary') return false
    const row = await queryOne(io, source.sql, markerQuery(markerText(about.fencingNumber)))
    if (row === undefined || !(await isStreaming(source, target, io))) return false
    for (const name of slotsOfSource(sidesOf(about)))
      if ((await slotAt(source, name, io)) !== undefined) return false
    return { marker: markerText(about.fencingNumber) }
  },

  async apply(about, io) {
    const sides = sidesOf(about)
    const { source, target } = sides
    const both = io.at('source', 'target')
    await ensureSlot(target, slotOf(source), both)
    // In the files of a server that runs, the mark would make it a standby at its next start only.
    if ((await stateOf(source, io)) === 'stopped') await signalStandby(source, both)
    if ((await start(source, both)) === 'primary') refuseSecondPrimary(source)
    await waitForStreaming(source, target, io)
    const seconds = await proveByMarker(target, source, markerText(about.fencingNumber), both)
    for (const name of slotsOfSource(sides)) await dropSlot(source, name, both)
    return { marker: markerText(about.fencingNumber), seconds }
  },

  undo: (about, io) =>
    failBack(sidesOf(about), about.resultOf(handle) !== undefined, io.at('source', 'target')),

  undoWithout: { target: (about, io) => promoteAlone(sidesOf(about).source, io.at('source')) },
})

/** Once users write at the target nobody reads them any more, and they would fill the disk. */
const slotsOfSource = ({ target, spec }: Sides): string[] => [slotOf(target), proofSlotOf(spec)]

/**
 * Promotes the source with the WAL that it received from the target before this was lost. A source that never was its standby was stopped
 * with all its data, and only has to be started.
 */
async function promoteAlone(source: Side, io: ChangeIo): Promise<Text[]> {
  await putAsideHalfCopy(source, io)
  const { state } = await controlOf(source, io)
  if (state === 'shut down' || (await start(source, io)) === 'primary') return []
  const { received, lastTransactionAt } = await receivedFrom(source, io)
  await promoteStandby(source, io, promotionSeconds)
  const values = { host: source.host, received: received ?? '–', at: lastTransactionAt ?? '–' }
  return [{ key: 'postgres.reverse.wentWithout', values }]
}

const markerText = (fencingNumber: number): string => `reverse ${fencingNumber}`

const promotionSeconds = 60

/**
 * Authority goes back to the source with all that was written at the target: target fenced, positions equal to the byte,
 * target stopped cleanly, its last record found at the source, source promoted. After a crash at any point it goes
 * on from what the two clusters say of themselves. Throws Failure rather than lose anything.
 */
async function failBack(sides: Sides, wasProven: boolean, io: ChangeIo): Promise<Text[]> {
  const { source, target } = sides
  let told: Text[] = []
  if ((await stateOf(source, io)) !== 'primary') {
    told = await bringHome(source, target, wasProven, io)
    // its host may start again at any time, and the cluster with it: it must not be a second primary then
    await signalStandby(target, io)
    await promoteStandby(source, io, promotionSeconds)
  } else if ((await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
  // The proof does not hold for what the target becomes now.
  await dropSlot(source, proofSlotOf(sides.spec), io)
  if (isSynchronous(sides.spec)) await endCommits(target, io)
  await followAgain(sides, io)
  return told
}

/** Everything the target has is at the source, and the target is down. */
async function bringHome(source: Side, target: Side, wasProven: boolean, io: ChangeIo): Promise<Text[]> {
  const state = await stateOf(target, io)
  const isCopied = !(await isHalfCopied(source, io))
  if (isCopied && state === 'stopped' && (await controlOf(target, io)).state === 'shut down') {
    // Stopped cleanly by an earlier attempt: the source may have all of it already, without the target's help.
    if ((await start(source, io)) === 'primary') return []
    if (await has(source, (await controlOf(target, io)).checkpoint, io)) return []
  }
  // Marked by an earlier attempt, which had brought everything home, and started again by its host.
  if (isCopied && state === 'standby' && (await holdsAsMuch(source, target, io))) {
    await stop(target, io)
    return []
  }
  if ((await start(target, io)) !== 'primary') {
    throw new Failure({ key: 'postgres.reverse.targetNotPrimary', values: { host: target.host } })
  }
  const told = await follow(source, target, wasProven, io)
  await fenceCluster(target, io)
  await io.execute(target.sql, 'checkpoint')
  await waitForEquality(target, source, io)
  await stop(target, io)
  const { state: left, checkpoint } = await controlOf(target, io)
  if (left !== 'shut down') {
    throw new Failure({ key: 'postgres.reverse.unclean', values: { host: target.host, state: left } })
  }
  await waitUntil(io, async () => ((await has(source, checkpoint, io)) ? true : undefined), {
    seconds: 30,
    otherwise: () => ({ key: 'postgres.reverse.notReceived', values: { host: source.host, checkpoint } }),
    remedy: { key: 'postgres.reverse.notReceived.remedy', values: { host: target.host } },
  })
  return told
}

function failBackByHand({ source, target }: Sides) {
  const control = asPostgres(controlData(target, dataDirectoryByHand(target)))
  return {
    ...{ source: source.host, target: target.host },
    close: typed(
      psql(target, ...closeToUsers(target), 'checkpoint', 'select pg_current_wal_flush_lsn() as "LSN"'),
    ),
    stop: typed(stopCluster(target, 'fast'), control),
    replayed: typed(psql(source, 'select pg_last_wal_replay_lsn()')),
    promote: typed(psql(source, 'select pg_promote()')),
  }
}

const has = async (standby: Side, checkpoint: Lsn, io: ChangeIo): Promise<boolean> =>
  isPast(await replayedPosition(standby, io), checkpoint)

/** What the target holds as a standby, the source has at least. */
async function holdsAsMuch(source: Side, target: Side, io: ChangeIo): Promise<boolean> {
  const held = await replayedPosition(target, io)
  return (await start(source, io)) === 'primary' || isAtLeast(await replayedPosition(source, io), held)
}

/**
 * A slot that was there and is gone has been asked about before the rollback began. Lost since then, the return path is made again
 * here, and that is told: what it held back may be missing. So is a copy that was cut off, whose slot is there already.
 */
async function follow(source: Side, target: Side, wasProven: boolean, io: ChangeIo): Promise<Text[]> {
  const isWhole = await isWholeCopy(source, target, io)
  if (!isWhole || (wasProven && !(await canFollow(source, target, io)))) {
    const how = await makeAgain({ source, target }, io)
    await removeOldCluster(source, io)
    const values = { slot: slotOf(source), target: target.host, source: source.host, how }
    return [{ key: 'postgres.reverse.madeAgain', values }]
  }
  await ensureSlot(target, slotOf(source), io)
  const state: ClusterState = await stateOf(source, io)
  if (state !== 'standby') await signalStandby(source, io)
  await start(source, io)
  await waitForStreaming(source, target, io)
  return []
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
    io.report({ note: { key: 'postgres.reverse.targetStaysStopped' } })
  }
}

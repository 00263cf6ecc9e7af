import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { twice } from '../../kit/timings.ts'
import { type ClusterState, controlOf, replayedPosition, start, stateOf, stop } from '../cluster.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { isPast, type Lsn } from '../lsn.ts'
import { proofSlotOf, type Side, type Sides, sidesOf, slotOf } from '../sides.ts'
import { executeReadWrite, literal, queryOne } from '../sql.ts'
import {
  dropSlot,
  ensureSlot,
  isStreaming,
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  waitForEquality,
  waitForStreaming,
  writeStandbySettings,
} from '../standby.ts'
import { waitUntil } from '../wait-until.ts'
import { fenceCluster, liftFilesFence } from '../write-fence.ts'
import { promote } from './promote.ts'

/** The old source follows the target: what users will write comes back, proven by a mark that went the way. */
export const reverse = postgres.action({
  name: 'reverse',
  touches: ['source', 'target'],
  result: z.object({ marker: z.string(), seconds: z.number().optional() }),
  plan: ({ component }) => ({
    title: { key: 'postgres.reverse.title', values: { component: component.id } },
    stage: 'handover',
    after: [promote],
    expectedSeconds: 3,
    deadlineSeconds: 180,
    ...twice,
    trigger: 'R3',
    undo: {
      possible: true,
      expectedSeconds: 8,
      deadlineSeconds: 600,
      byHand: { key: 'postgres.reverse.byHand', values: { component: component.id } },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(source, io)) !== 'standby' || (await stateOf(target, io)) !== 'primary') return false
    const row = await queryOne(io, source.sql, markerQuery(about.fencingNumber))
    if (row === undefined || !(await isStreaming(source, target, io))) return false
    return { marker: markerText(about.fencingNumber) }
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    const both = io.at('source', 'target')
    await ensureSlot(target, slotOf(source), both)
    if ((await stateOf(source, io)) !== 'standby') await signalStandby(source, both)
    await start(source, both)
    await waitForStreaming(source, target, io)
    const seconds = await proveByMarker(target, source, about.fencingNumber, both)
    // Nobody reads them any more, and they would fill the disk.
    await dropSlot(source, slotOf(target), both)
    await dropSlot(source, proofSlotOf(spec), both)
    return { marker: markerText(about.fencingNumber), seconds }
  },

  undo: (about, io) => failBack(sidesOf(about), io.at('source', 'target')),
})

const markerText = (fencingNumber: number): string => `reverse ${fencingNumber}`
const markerQuery = (fencingNumber: number): string =>
  `select 1 as yes from bascule.marker where text = ${literal(markerText(fencingNumber))} limit 1`

/** Written at the primary, read at the standby. Returns the seconds it took. */
async function proveByMarker(
  primary: Side,
  standby: Side,
  fencingNumber: number,
  io: ChangeIo,
): Promise<number> {
  const startedAt = io.now()
  const text = literal(markerText(fencingNumber))
  await executeReadWrite(io, primary.sql, `insert into bascule.marker (text) values (${text})`)
  await waitUntil(io, () => queryOne(io, standby.sql, markerQuery(fencingNumber)), {
    seconds: 30,
    otherwise: () => ({ key: 'postgres.reverse.noMarker', values: { host: standby.host } }),
  })
  return secondsBetween(startedAt, io.now())
}

const promotionSeconds = 60

/**
 * Authority goes back to the source with all that was written at the target: target fenced, positions equal to the byte,
 * target stopped cleanly, its last record found at the source, source promoted. After a crash at any point it goes
 * on from what the two clusters say of themselves. Throws Failure rather than lose anything.
 */
async function failBack(sides: Sides, io: ChangeIo): Promise<void> {
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
    throw new Failure({ key: 'postgres.reverse.targetNotPrimary', values: { host: target.host } })
  }
  await ensureSlot(target, slotOf(source), io)
  await follow(source, target, io)
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
    io.report({ note: { key: 'postgres.reverse.targetStaysStopped' } })
  }
}

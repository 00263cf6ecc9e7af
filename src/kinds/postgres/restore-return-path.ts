import { randomUUID } from 'node:crypto'
import { Failure } from '../../model/failure.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Text } from '../../model/text.ts'
import { errorsWait, until } from '../kit/until.ts'
import {
  dataDirectoryOf,
  flushedPosition,
  isHalfCopied,
  isRunning,
  isWholeCopy,
  pathExists,
  replayedPosition,
  start,
  stateOf,
  stop,
} from './cluster.ts'
import { move, removeFile, removeTree } from './commands.ts'
import { holdCommits, mayWait } from './commits.ts'
import { copyFrom, prepareRejoin, rejoin, sharedSettings } from './copy.ts'
import { asidePath, copyingMark, type Side, type Sides, slotOf } from './sides.ts'
import { executeReadWrite, literal, queryOne } from './sql.ts'
import {
  canFollow,
  ensureSlot,
  isStreaming,
  refuseSecondPrimary,
  signalStandby,
  stillSeconds,
  waitForReplaying,
  waitForStreaming,
  writeStandbySettings,
} from './standby.ts'
import { waitUntil } from './wait-until.ts'

type Ends = Pick<Sides, 'source' | 'target'>

/** By an order, with users at the target: they are not touched. */
export async function restore(ends: Ends, io: ChangeIo): Promise<JsonObject> {
  const { source, target } = ends
  if ((await stateOf(target, io)) !== 'primary')
    throw new Failure({ key: 'postgres.returnPath.noPrimary', values: { host: target.host } })
  if ((await stateOf(source, io)) === 'primary') refuseSecondPrimary(source)
  const startedAt = io.now()
  const how = await makeAgain(ends, io)
  await removeOldCluster(source, io)
  // `letGo` has let them go before
  if (await mayWait(target, io)) await holdCommits(target, source, io)
  return { how, seconds: secondsBetween(startedAt, io.now()) }
}

/**
 * The cheapest way that works: connect again, go on from the log that the target still has, rewind, or a new copy. Each is proven as
 * in the night, by a mark that goes the way: an old source that has served meanwhile, on the same timeline, connects and rewinds
 * without an error, and never receives a row again.
 */
export async function makeAgain(
  ends: Ends,
  io: ChangeIo,
): Promise<'already there' | 'rejoined' | 'rewound' | 'copied'> {
  const { source, target } = ends
  const isProven = async () => (await unlessAborted(markArrives(ends, io), io)) ?? false
  const isWhole = await isWholeCopy(source, target, io)
  const isKept = isWhole && (await canFollow(source, target, io))
  if (isKept && (await isStreaming(source, target, io)) && (await isProven())) return 'already there'
  await ensureSlot(target, slotOf(source), io)
  if (isWhole) {
    await signalStandby(source, io)
    await unlessAborted(start(source, io), io)
    if (await hasLogFor(ends, io)) {
      if ((await replays(ends, io)) && (await isProven())) return 'rejoined'
      await prepareRejoin(target, source, io)
      const rejoined = await unlessAborted(rejoin(source, target, io), io)
      if (rejoined !== undefined && (await isProven())) return rejoined
    }
  }
  try {
    await copyFrom(target, source, io)
    await waitForStreaming(source, target, io)
    if (!(await markArrives(ends, io))) throw new Failure(noMarker(source))
  } catch (error) {
    // Killed instead: the next repair finds the copy half made, and makes it anew.
    if (!io.signal.aborted) await putOldClusterBack(ends, io)
    throw error
  }
  return 'copied'
}

/** Undefined when it fails: then the next way is tried. */
async function unlessAborted<T>(work: Promise<T>, io: ReadIo): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (io.signal.aborted) throw error
    return undefined
  }
}

/** A standby asks again every quarter of a second; one whose log is gone is refused each time. Seconds. */
const connectSeconds = 20

async function replays({ source, target }: Ends, io: ReadIo): Promise<boolean> {
  const position = await flushedPosition(target, io)
  const replaying = waitForReplaying(source, target, position, io, connectSeconds).then(() => true)
  return (await unlessAborted(replaying, io)) ?? false
}

/** Whether the target still has the log from where the old source stands; of one that is down nobody knows. */
async function hasLogFor({ source, target }: Ends, io: ReadIo): Promise<boolean> {
  if (!(await isRunning(source, io))) return true
  const position = await replayedPosition(source, io)
  if (position === '') return true
  const row = await queryOne(
    io,
    target.sql,
    `select 1 as yes from pg_ls_waldir()
     where length(name) = 24 and substr(name, 9) = substr(pg_walfile_name(${literal(position)}::pg_lsn), 9) limit 1`,
  )
  return row !== undefined
}

/** The copy could not be made: the old source is as it was before. */
async function putOldClusterBack({ source, target }: Ends, io: ChangeIo): Promise<void> {
  if (!(await moveOldClusterBack(source, io))) return
  await writeStandbySettings(source, target, await sharedSettings(target, io), io)
  await signalStandby(source, io)
  await start(source, io)
}

/** Instead of a half copy: a target that is dead cannot complete it. The mark is the last to go, for this may be killed, too. */
export async function putAsideHalfCopy(source: Side, io: ChangeIo): Promise<void> {
  if (!(await isHalfCopied(source, io))) return
  await moveOldClusterBack(source, io)
  await io.change(source.host, removeFile(copyingMark(await dataDirectoryOf(source, io))))
}

/** Asks the source alone. Stopped; false: none was set aside. */
async function moveOldClusterBack(source: Side, io: ChangeIo): Promise<boolean> {
  const dataDirectory = await dataDirectoryOf(source, io)
  const aside = asidePath(dataDirectory)
  if (!(await pathExists(source, aside, io))) return false
  await stop(source, io, { orImmediate: true })
  await io.change(source.host, removeTree(dataDirectory))
  await io.change(source.host, move(aside, dataDirectory))
  await io.change(source.host, removeFile(copyingMark(dataDirectory)))
  return true
}

/** Kept until the new copy is proven; of a repair that was killed, the next one removes it. */
export async function removeOldCluster(source: Side, io: ChangeIo): Promise<void> {
  await io.change(source.host, removeTree(asidePath(await dataDirectoryOf(source, io))))
}

export const markerQuery = (text: string): string =>
  `select 1 as yes from bascule.marker where text = ${literal(text)} limit 1`

/** Written at the primary, read at the standby. Returns the seconds it took. */
export async function proveByMarker(
  primary: Side,
  standby: Side,
  text: string,
  io: ChangeIo,
): Promise<number> {
  const startedAt = io.now()
  await writeMark(primary, text, io)
  await waitUntil(io, () => queryOne(io, standby.sql, markerQuery(text)), {
    seconds: stillSeconds,
    otherwise: () => noMarker(standby),
  })
  return secondsBetween(startedAt, io.now())
}

/** Whether a mark written at the target comes to be read at the old source, which may have hours to replay: as long as it gets on. */
async function markArrives({ source, target }: Ends, io: ChangeIo): Promise<boolean> {
  const text = `return path ${randomUUID()}`
  await writeMark(target, text, io)
  let reached = { position: '', at: io.now() }
  const look = async () => {
    if ((await queryOne(io, source.sql, markerQuery(text))) !== undefined) return { done: true }
    const position = await replayedPosition(source, io)
    if (position !== reached.position) reached = { position, at: io.now() }
    const standsStill = secondsBetween(reached.at, io.now()) > stillSeconds
    return standsStill ? { done: false } : { waiting: undefined }
  }
  const asked = errorsWait(io, look, { seconds: stillSeconds })
  return await until<boolean, unknown>(io, asked, { longestPauseSeconds: 0.25 })
}

const writeMark = (primary: Side, text: string, io: ChangeIo): Promise<void> =>
  executeReadWrite(io, primary.sql, `insert into bascule.marker (text) values (${literal(text)})`)

const noMarker = ({ host }: Side): Text => ({ key: 'postgres.reverse.noMarker', values: { host } })

import { randomUUID } from 'node:crypto'
import { Failure } from '../../model/failure.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { dataDirectoryOf, flushedPosition, isRunning, replayedPosition, stateOf, stop } from './cluster.ts'
import { connectionTo } from './commands.ts'
import { isAtLeast, isPast, type Lsn } from './lsn.ts'
import { settingsFile } from './settings.ts'
import { type Side, settingsPath, slotOf, standbyName, standbySignal } from './sides.ts'
import { literal, queryOne, sqlStateOf, sqlStates } from './sql.ts'
import { type Wait, waitUntil } from './wait-until.ts'

/**
 * The configuration that makes a cluster follow `primary` whenever `standby.signal` stands in its data directory.
 * `copy_id` names this copy: a copy that was made or rewound anew has another one, and is not covered by the
 * proof of the one before.
 */
export async function writeStandbySettings(
  standby: Side,
  primary: Side,
  shared: Record<string, string | number>,
  io: ChangeIo,
  copyId: string = randomUUID(),
): Promise<void> {
  const settings = {
    'bascule.copy_id': copyId,
    primary_conninfo: connectionTo(primary, standby),
    primary_slot_name: slotOf(standby),
    recovery_target_timeline: 'latest',
    hot_standby: 'on',
    // After a primary's restart; the five seconds by default would be spent with users waiting.
    wal_retrieve_retry_interval: '250ms',
    // A long comparison at the standby must not be cancelled by a vacuum at the primary.
    hot_standby_feedback: 'on',
    wal_level: 'replica',
    // Without it (or checksums) a copy that went its own way can only be made anew: pg_rewind refuses.
    wal_log_hints: 'on',
    // What a way back needs must still be there when the slot is not yet.
    wal_keep_size: '1GB',
    ...shared,
  }
  await io.writeFile(standby.host, settingsPath(standby), settingsFile(standby.owner, settings), {
    mode: '0640',
    owner: 'postgres:postgres',
  })
}

/** From now on the cluster starts as a standby, also when started by hand. */
export async function signalStandby(side: Side, io: ChangeIo): Promise<void> {
  await io.writeFile(side.host, standbySignal(await dataDirectoryOf(side, io)), '', {
    mode: '0600',
    owner: 'postgres:postgres',
  })
}

/** The standby is up and its receiver is connected to this primary's slot. */
export async function isStreaming(standby: Side, primary: Side, io: ReadIo): Promise<boolean> {
  const row = await queryOne(
    io,
    primary.sql,
    `select 1 as yes from pg_stat_replication r join pg_replication_slots s on s.active_pid = r.pid
     where s.slot_name = ${literal(slotOf(standby))} and r.application_name = ${literal(standbyName(standby))}
       and r.state = 'streaming'`,
  )
  return row !== undefined
}

export async function waitForStreaming(
  standby: Side,
  primary: Side,
  io: ReadIo,
  seconds = 60,
): Promise<void> {
  await waitUntil(io, async () => ((await isStreaming(standby, primary, io)) ? true : undefined), {
    seconds,
    ...notStreaming(standby, primary),
  })
}

/**
 * Streaming, and replaying what comes: a log that does not fit is streamed for a moment too, before the standby breaks the
 * connection off. `position`: what the primary had written before the standby was started. Throws Failure at once when it can
 * no longer come to that: the slot has lost its log, the server has ended, or it streams and stands still.
 */
export async function waitForReplaying(
  standby: Side,
  primary: Side,
  position: Lsn,
  io: ReadIo,
  seconds: number,
): Promise<void> {
  let first: { position: Lsn; at: string } | undefined
  const goesOn = async (): Promise<'replays' | 'never' | undefined> => {
    if ((await hasLostItsLog(standby, primary, io)) || !(await isRunning(standby, io))) return 'never'
    // Before it streams, a standby replays what its own log still holds: that says nothing of the primary's.
    if (!(await isStreaming(standby, primary, io))) return undefined
    const replayed = await replayedPosition(standby, io)
    if (replayed === '') return undefined
    first ??= { position: replayed, at: io.now() }
    if (isAtLeast(replayed, position) || isPast(replayed, first.position)) return 'replays'
    return secondsBetween(first.at, io.now()) > stillSeconds ? 'never' : undefined
  }
  const { otherwise, remedy } = notStreaming(standby, primary)
  const ended = await waitUntil(io, goesOn, { seconds, otherwise, ...(remedy && { remedy }) })
  if (ended === 'never') throw new Failure(otherwise(), remedy && { remedy })
}

/** As long as a standby may let a query wait before it goes on replaying (PostgreSQL's max_standby_streaming_delay). */
export const stillSeconds = 30

const hasLostItsLog = async (standby: Side, primary: Side, io: ReadIo): Promise<boolean> =>
  (await slotAt(primary, slotOf(standby), io))?.walStatus === 'lost'

const notStreaming = (standby: Side, primary: Side): Pick<Wait, 'otherwise' | 'remedy'> => ({
  otherwise: () => ({
    key: 'postgres.notStreaming',
    values: { standby: standby.host, primary: primary.host },
  }),
  remedy: { key: 'postgres.seeLog', values: { host: standby.host, cluster: standby.spec.cluster } },
})

export async function waitForReplay(standby: Side, position: Lsn, io: ReadIo, seconds = 600): Promise<Lsn> {
  return await waitUntil(
    io,
    async () => {
      const replayed = await replayedPosition(standby, io)
      return replayed !== '' && isAtLeast(replayed, position) ? replayed : undefined
    },
    {
      seconds,
      otherwise: () => ({ key: 'postgres.notReplayed', values: { host: standby.host, position } }),
      remedy: { key: 'postgres.seeLog', values: { host: standby.host, cluster: standby.spec.cluster } },
    },
  )
}

/**
 * The position at which both stand, when the primary wrote nothing between two looks and the standby has replayed it
 * to the byte. Throws Failure when they never meet: then somebody still writes, or the link is down.
 */
export async function waitForEquality(primary: Side, standby: Side, io: ReadIo, seconds = 60): Promise<Lsn> {
  let seen = { written: '', replayed: '' }
  return await waitUntil(
    io,
    async () => {
      const written = await flushedPosition(primary, io)
      const replayed = await replayedPosition(standby, io)
      seen = { written, replayed }
      return written === replayed && (await flushedPosition(primary, io)) === written ? written : undefined
    },
    {
      seconds,
      otherwise: () => ({ key: 'postgres.notEqual', values: seen }),
      remedy: { key: 'postgres.notEqual.remedy', values: { host: primary.host } },
    },
  )
}

/**
 * The standby becomes a primary. An earlier attempt may have asked for it: the promotion may end at any moment. Returns the
 * seconds it took.
 */
export async function promoteStandby(side: Side, io: ChangeIo, seconds: number): Promise<number> {
  const startedAt = io.now()
  try {
    await io.execute(side.sql, 'select pg_promote(wait => false) where pg_is_in_recovery()')
  } catch (error) {
    if (sqlStateOf(error) !== sqlStates.notInRecovery) throw error
  }
  await waitUntil(io, async () => ((await stateOf(side, io)) === 'primary' ? true : undefined), {
    seconds,
    firstPauseSeconds: 0.02,
    otherwise: () => ({ key: 'postgres.promote.notYet', values: { host: side.host } }),
    remedy: { key: 'postgres.seeLog', values: { host: side.host, cluster: side.spec.cluster } },
  })
  return secondsBetween(startedAt, io.now())
}

/** Asked once: a promotion that an earlier attempt asked for may end between two looks. */
export async function isPromoted(side: Side, io: ReadIo): Promise<boolean> {
  const state = await stateOf(side, io)
  if (state === 'primary' || state === 'standby') return state === 'primary'
  throw new Failure({ key: 'postgres.promote.noStandby', values: { host: side.host } })
}

/** Stopped; it starts as a standby, also when started by hand. */
export async function stopAsStandby(side: Side, io: ChangeIo): Promise<void> {
  await signalStandby(side, io)
  await stop(side, io, { orImmediate: true, seconds: 20 })
  // A promotion that ended in between has taken the mark away.
  await signalStandby(side, io)
}

/** Never two that accept writes: asked before anything is promoted or started as a primary. */
export function refuseSecondPrimary(side: Side): never {
  throw new Failure(
    { key: 'postgres.secondPrimary', values: { host: side.host } },
    { remedy: { key: 'postgres.secondPrimary.remedy', values: { host: side.host } } },
  )
}

type Slot = { active: boolean; walStatus: string; restartLsn: string }

export async function slotAt(side: Side, name: string, io: ReadIo): Promise<Slot | undefined> {
  const row = await queryOne(
    io,
    side.sql,
    `select active, coalesce(wal_status, '') as status, coalesce(restart_lsn::text, '') as lsn
     from pg_replication_slots where slot_name = $1`,
    [name],
  )
  return row && { active: row.active === true, walStatus: String(row.status), restartLsn: String(row.lsn) }
}

/** The primary still has what this standby has not received. */
export async function canFollow(standby: Side, primary: Side, io: ReadIo): Promise<boolean> {
  const slot = await slotAt(primary, slotOf(standby), io)
  return slot !== undefined && slot.walStatus !== 'lost'
}

/** What an undo that may not change the primary leaves: the next preparation makes the slot and the copy again. */
export const copyOutdated = (standby: Side, primary: Side): Text => ({
  key: 'postgres.copyOutdated',
  values: { standby: standby.host, primary: primary.host, slot: slotOf(standby) },
})

/** A slot that holds the log back from now on. One whose log is already gone is of no use and is made anew. */
export async function ensureSlot(side: Side, name: string, io: ChangeIo): Promise<void> {
  const slot = await slotAt(side, name, io)
  if (slot !== undefined && slot.walStatus !== 'lost') return
  if (slot !== undefined) await dropSlot(side, name, io)
  await io.execute(side.sql, `select pg_create_physical_replication_slot(${literal(name)}, true)`)
}

/** A slot left behind fills the disk. In use, it is left alone: the server refuses, and says so. */
export async function dropSlot(side: Side, name: string, io: ChangeIo): Promise<void> {
  await io.execute(
    side.sql,
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${literal(name)}`,
  )
}

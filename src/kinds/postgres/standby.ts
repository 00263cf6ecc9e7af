import { randomUUID } from 'node:crypto'
import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { dataDirectoryOf, flushedPosition, replayedPosition, stateOf } from './cluster.ts'
import { connectionTo } from './commands.ts'
import { isAtLeast, isPast, type Lsn } from './lsn.ts'
import { settingsFile } from './settings.ts'
import { type Side, settingsPath, slotOf, standbyName, standbySignal } from './sides.ts'
import { literal, queryOne, sqlStateOf, sqlStates } from './sql.ts'
import { until } from './wait.ts'

/**
 * The configuration that makes a cluster follow `primary` whenever `standby.signal` stands in its data directory.
 * `copy_id` names this copy: a copy that was made or rewound anew has another one, and is not covered by the
 * proof of the one before.
 */
export async function writeStandbySettings(
  standby: Side,
  primary: Side,
  shared: Record<string, number>,
  io: ChangeIo,
): Promise<void> {
  const settings = {
    'bascule.copy_id': randomUUID(),
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

/** From now on the cluster comes up as a standby, whoever starts it. */
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
  await until(io, async () => ((await isStreaming(standby, primary, io)) ? true : undefined), {
    seconds,
    ...notStreaming(standby, primary),
  })
}

/**
 * Streaming, and replaying what comes: a log that does not fit is streamed for a moment too, before the standby breaks the
 * connection off. `position`: what the primary had written before the standby was started.
 */
export async function waitForReplaying(
  standby: Side,
  primary: Side,
  position: Lsn,
  io: ReadIo,
  seconds: number,
): Promise<void> {
  let first = ''
  const goesOn = async (): Promise<true | undefined> => {
    const replayed = await replayedPosition(standby, io)
    first ||= replayed
    if (replayed === '' || !(await isStreaming(standby, primary, io))) return undefined
    return isAtLeast(replayed, position) || isPast(replayed, first) ? true : undefined
  }
  await until(io, goesOn, {
    seconds,
    ...notStreaming(standby, primary),
  })
}

const notStreaming = (standby: Side, primary: Side) => ({
  otherwise: (): Text => ({
    key: 'postgres.notStreaming',
    values: { standby: standby.host, primary: primary.host },
  }),
  remedy: {
    key: 'postgres.seeLog',
    values: { host: standby.host, cluster: standby.spec.cluster },
  } satisfies Text,
})

export async function waitForReplay(standby: Side, position: Lsn, io: ReadIo, seconds = 600): Promise<Lsn> {
  return await until(
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
  return await until(
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

/** The standby becomes a primary. An earlier attempt may have asked for it: the promotion may end at any moment. */
export async function promoteStandby(side: Side, io: ChangeIo, seconds: number): Promise<void> {
  try {
    await io.execute(side.sql, 'select pg_promote(wait => false) where pg_is_in_recovery()')
  } catch (error) {
    if (sqlStateOf(error) !== sqlStates.notInRecovery) throw error
  }
  await until(io, async () => ((await stateOf(side, io)) === 'primary' ? true : undefined), {
    seconds,
    everySeconds: 0.02,
    otherwise: () => ({ key: 'postgres.promote.notYet', values: { host: side.host } }),
    remedy: { key: 'postgres.seeLog', values: { host: side.host, cluster: side.spec.cluster } },
  })
}

/** Never two that accept writes: asked before anything is promoted or started as a primary. */
export function refuseSecondPrimary(side: Side): never {
  throw new Failure(
    { key: 'postgres.secondPrimary', values: { host: side.host } },
    { remedy: { key: 'postgres.secondPrimary.remedy', values: { host: side.host } } },
  )
}

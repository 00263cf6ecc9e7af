import { dirname } from 'node:path'
import { Failure } from '../../model/failure.ts'
import type { Argv, ChangeIo, CommandResult, ReadIo } from '../../model/io.ts'
import type { Text } from '../../model/text.ts'
import { until } from '../kit/until.ts'
import {
  controlOf,
  dataDirectoryOf,
  flushedPosition,
  isRunning,
  pathExists,
  start,
  stateOf,
  stop,
} from './cluster.ts'
import {
  baseBackup,
  finishRecovery,
  makeDataDirectory,
  move,
  readText,
  removeFile,
  removeTree,
  rewind,
} from './commands.ts'
import { higherOfBoth, settingIn, settingsOfBoth } from './settings.ts'
import {
  asidePath,
  configDirectory,
  copyingMark,
  type Side,
  settingsPath,
  slotOf,
  standbySignal,
} from './sides.ts'
import { queryOne } from './sql.ts'
import { ensureSlot, signalStandby, waitForReplaying, writeStandbySettings } from './standby.ts'

/**
 * A whole new copy of `primary` in the place of the standby's own cluster, which is set aside and comes back with
 * `restoreOriginalCluster`. What stands in its place afterwards is ours, and is removed when the copy is made again.
 */
export async function copyFrom(
  primary: Side,
  standby: Side,
  io: ChangeIo,
  checkpoint: 'fast' | 'spread' = 'fast',
): Promise<void> {
  const dataDirectory = await dataDirectoryOf(standby, io)
  const mark = copyingMark(dataDirectory)
  const shared = higherOfBoth(await sharedSettings(primary, io), await sharedSettings(standby, io))
  await io.writeFile(standby.host, mark, '', { mode: '0644' })
  await stop(standby, io, { orImmediate: true })
  await makeRoom(standby, dataDirectory, io)
  await io.change(standby.host, makeDataDirectory(dataDirectory))
  await writeStandbySettings(standby, primary, shared, io)
  await withProgress(primary, io, () =>
    takeBackup(standby, dataDirectory, baseBackup({ primary, standby, dataDirectory, checkpoint }), io),
  )
  await signalStandby(standby, io)
  await io.change(standby.host, removeFile(mark))
  await start(standby, io)
}

/** Throws Failure; a full disk is told apart, for what to do about it is known. */
async function takeBackup(standby: Side, dataDirectory: string, argv: Argv, io: ChangeIo): Promise<void> {
  const result = await io.change(standby.host, argv, { asUser: 'postgres', allowFailure: true })
  if (result.exitCode === 0) return
  const values = { host: standby.host, directory: dirname(dataDirectory), ...lastWords(result) }
  const [text, remedy]: [Text, Text] = /No space left on device/.test(result.stderr)
    ? [
        { key: 'postgres.seed.full', values },
        { key: 'postgres.seed.full.remedy', values },
      ]
    : [
        { key: 'postgres.seed.failed', values },
        { key: 'postgres.seed.failed.remedy', values },
      ]
  throw new Failure(text, { remedy })
}

const lastWords = ({ exitCode, stderr }: CommandResult) => ({
  exitCode,
  detail: stderr.trim().split('\n').slice(-3).join(' '),
})

async function makeRoom(standby: Side, dataDirectory: string, io: ChangeIo): Promise<void> {
  const aside = asidePath(dataDirectory)
  if (await pathExists(standby, aside, io)) await io.change(standby.host, removeTree(dataDirectory))
  else if (await pathExists(standby, dataDirectory, io)) {
    await io.change(standby.host, move(dataDirectory, aside))
  }
}

/** The cluster that was there before is there again, and runs. Without a copy there is nothing to do. */
export async function restoreOriginalCluster(standby: Side, io: ChangeIo): Promise<void> {
  const dataDirectory = await dataDirectoryOf(standby, io)
  const aside = asidePath(dataDirectory)
  if (await pathExists(standby, aside, io)) {
    await stop(standby, io, { orImmediate: true })
    await io.change(standby.host, removeTree(dataDirectory))
    await io.change(standby.host, removeFile(settingsPath(standby)))
    await io.change(standby.host, move(aside, dataDirectory))
  }
  await io.change(standby.host, removeFile(settingsPath(standby)))
  await io.change(standby.host, removeFile(copyingMark(dataDirectory)))
  if (!(await isRunning(standby, io))) await start(standby, io)
}

/** Empty of a cluster that cannot be asked: then the other side's values hold. */
export async function sharedSettings(side: Side, io: ReadIo): Promise<Record<string, string | number>> {
  const state = await stateOf(side, io)
  if (state !== 'primary' && state !== 'standby') return {}
  const columns = settingsOfBoth.map(name => `current_setting('${name}')::int as ${name}`)
  const text = `select ${columns.join(', ')}, current_setting('wal_level') as wal_level`
  return ((await queryOne(io, side.sql, text)) ?? {}) as Record<string, string | number>
}

/** The primary counts what it sends; pg_basebackup's own meter is not read, it has no form made for programs. */
async function withProgress<T>(primary: Side, io: ChangeIo, work: () => Promise<T>): Promise<T> {
  let over = false
  const look = async () => {
    if (over) return { done: undefined }
    const row = await queryOne(
      io,
      primary.sql,
      `select backup_streamed::int8 as done, backup_total::int8 as total
       from pg_stat_progress_basebackup limit 1`,
    )
    // The total is an estimate made before: what is written meanwhile comes on top.
    if (row?.total && !over) {
      const done = Number(row.done)
      io.report({ bytesDone: done, bytesTotal: Math.max(done, Number(row.total)) })
    }
    return { waiting: undefined }
  }
  const watch = () =>
    until(io, look, {
      seconds: Number.POSITIVE_INFINITY,
      firstPauseSeconds: 0.5,
      longestPauseSeconds: 0.5,
      otherwise: () => new Error('it ends with the copy'),
    })
  const watching = watch().catch(() => undefined)
  try {
    return await work()
  } finally {
    over = true
    await watching
  }
}

/** What `rejoin` needs at the primary: the slot that the standby reads from, and a checkpoint on the primary's timeline. */
export async function prepareRejoin(primary: Side, standby: Side, io: ChangeIo): Promise<void> {
  await ensureSlot(primary, slotOf(standby), io)
  await io.execute(primary.sql, 'checkpoint')
}

/**
 * A former standby or primary of the same origin becomes a standby of `primary` again, without a new copy: pg_rewind
 * takes back what it wrote on its own. Whatever it had written alone is gone after this: only for a copy without
 * authority. Changes nothing at the primary. Throws Failure when too much log is gone for that; then only a new copy helps.
 */
export async function rejoin(standby: Side, primary: Side, io: ChangeIo): Promise<'rejoined' | 'rewound'> {
  const shared = higherOfBoth(await sharedSettings(primary, io), await sharedSettings(standby, io))
  await stop(standby, io, { orImmediate: true })
  const isBehind = await isOnlyBehind(standby, primary, io)
  await writeStandbySettings(
    standby,
    primary,
    shared,
    io,
    isBehind ? await writtenCopyId(standby, io) : undefined,
  )
  const rewound = !isBehind && (await rewindOnto(standby, primary, io))
  await signalStandby(standby, io)
  const position = await flushedPosition(primary, io)
  await start(standby, io)
  await waitForReplaying(standby, primary, position, io, recoverySeconds)
  return rewound ? 'rewound' : 'rejoined'
}

/** A server that was killed first replays all it wrote since its last checkpoint, 5 min of work by default. */
const recoverySeconds = 300

/** Of the same copy, which goes on: what was proven of it holds. */
async function writtenCopyId(standby: Side, io: ReadIo): Promise<string | undefined> {
  const { stdout } = await io.read(standby.host, readText(settingsPath(standby)), {
    allowFailure: true,
    asUser: 'postgres',
  })
  return settingIn(stdout, 'bascule.copy_id')
}

async function rewindOnto(standby: Side, primary: Side, io: ChangeIo): Promise<boolean> {
  const dataDirectory = await dataDirectoryOf(standby, io)
  const configFile = `${configDirectory(standby)}/postgresql.conf`
  // The servers below know no standby mode, and no one can reach them: nothing is a primary here.
  await io.change(standby.host, removeFile(standbySignal(dataDirectory)))
  if ((await controlOf(standby, io)).state === 'shut down in recovery') {
    // A promotion broken off half-way: what it began is finished first, for pg_rewind would overlook it.
    const argv = finishRecovery(standby, dataDirectory, configFile)
    await io.change(standby.host, argv, { asUser: 'postgres', input: '' })
  }
  const { stderr, stdout } = await io.change(
    standby.host,
    rewind(primary, standby, dataDirectory, configFile),
    { asUser: 'postgres' },
  )
  return !/no rewind required/.test(stdout + stderr)
}

/**
 * pg_rewind compares with the primary's control file, which says a new timeline only after a checkpoint. Throws Failure for a
 * primary that was promoted since its last one.
 */
async function settledTimeline(primary: Side, io: ReadIo): Promise<number> {
  const row = await queryOne(
    io,
    primary.sql,
    `select timeline_id as checkpointed, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int as written
     from pg_control_checkpoint()`,
  )
  const timeline = Number(row?.written)
  if (Number(row?.checkpointed) === timeline) return timeline
  throw new Failure(
    { key: 'postgres.noCheckpoint', values: { host: primary.host, timeline } },
    { remedy: { key: 'postgres.noCheckpoint.remedy', values: { host: primary.host } } },
  )
}

/**
 * A copy that has written no page of its own needs nothing but to go on: one that was never started yet, and a standby that
 * was stopped or killed on its primary's own timeline. pg_rewind would end the recovery of what was killed, in single-user mode
 * and on that same timeline; what it writes at the end is not in the primary's log, and pg_rewind does not see it then:
 * "same timeline, no rewind required".
 */
async function isOnlyBehind(standby: Side, primary: Side, io: ReadIo): Promise<boolean> {
  const settled = await settledTimeline(primary, io)
  const dataDirectory = await dataDirectoryOf(standby, io)
  if (await pathExists(standby, `${dataDirectory}/backup_label`, io)) return true
  const { state, timeline } = await controlOf(standby, io)
  return ['shut down in recovery', 'in archive recovery'].includes(state) && timeline === settled
}

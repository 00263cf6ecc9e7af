import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { pathExists, stateOf } from './cluster.ts'
import { removeFile } from './commands.ts'
import { settingsFile } from './settings.ts'
import { commitsPath, type Side, standbyName } from './sides.ts'
import type { StreamingSpec } from './spec.ts'
import { literal, queryOne } from './sql.ts'
import { isStreaming } from './standby.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Commits of a primary that wait for its standby. While that is away they wait without end, and so would a commit of Bascule's own: what
 * lets them go writes a file and reloads, and commits nothing.
 */

export const isSynchronous = ({ wayBack }: StreamingSpec): boolean => wayBack?.commits === 'synchronous'

/** `both`: every acknowledged commit is at both. `waiting`: none is acknowledged. Undefined: they do not wait. */
export type Commits = 'both' | 'waiting' | undefined

/** What the server itself says: the setting, and the standby's sync_state while it streams, else nothing. */
export function commitsOf(standby: Side, names: string, syncState: string): Commits {
  if (!names.includes(standbyName(standby))) return undefined
  return syncState === 'sync' || syncState === 'quorum' ? 'both' : 'waiting'
}

export async function commitsAt(primary: Side, standby: Side, io: ReadIo): Promise<Commits> {
  const row = await queryOne(
    io,
    primary.sql,
    `select current_setting('synchronous_standby_names') as names,
       coalesce((select r.sync_state from pg_stat_replication r
         where r.application_name = ${literal(standbyName(standby))} and r.state = 'streaming' limit 1), '') as state`,
  )
  return commitsOf(standby, String(row?.names), String(row?.state))
}

/** They are to wait, now or as soon as the return path works again. */
export const mayWait = (primary: Side, io: ReadIo): Promise<boolean> =>
  pathExists(primary, commitsPath(primary), io)

/** A standby confirms at least every 10 s (wal_receiver_status_interval), and is counted as synchronous from then on. */
const countedSeconds = 25

/**
 * From now on they wait, if the standby streams. False: it does not, or another setting wins over ours, and none waits; the file stays, so
 * that a repair of the return path tries again.
 */
export async function holdCommits(primary: Side, standby: Side, io: ChangeIo): Promise<boolean> {
  if (!(await isStreaming(standby, primary, io))) {
    await letCommitsGo(primary, io)
    return false
  }
  await setNames(primary, standbyName(standby), io)
  try {
    await waitUntil(io, async () => ((await commitsAt(primary, standby, io)) === 'both' ? true : undefined), {
      seconds: countedSeconds,
      otherwise: () => ({ key: 'postgres.commits.notHeld', values: { host: primary.host } }),
    })
    return true
  } catch (error) {
    if (io.signal.aborted) throw error
    await letCommitsGo(primary, io)
    return false
  }
}

/** None waits any more, and those that wait are acknowledged at once. They are to wait again after a repair. */
export const letCommitsGo = (primary: Side, io: ChangeIo): Promise<void> => setNames(primary, '', io)

/** The same for good. */
export async function endCommits(primary: Side, io: ChangeIo): Promise<void> {
  if (!(await mayWait(primary, io))) return
  await io.change(primary.host, removeFile(commitsPath(primary)))
  await reload(primary, io)
}

async function setNames(primary: Side, names: string, io: ChangeIo): Promise<void> {
  const file = settingsFile(primary.owner, { synchronous_standby_names: names })
  await io.writeFile(primary.host, commitsPath(primary), file, { mode: '0644', owner: 'postgres:postgres' })
  await reload(primary, io)
}

async function reload(side: Side, io: ChangeIo): Promise<void> {
  if ((await stateOf(side, io)) !== 'stopped') await io.execute(side.sql, 'select pg_reload_conf()')
}

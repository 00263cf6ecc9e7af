import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import { readSaved, removeSaved, saveOnce } from './saved.ts'
import type { ClusterSide } from './sides.ts'
import { executeReadWrite, identifier, literal, queryOne, queryText, sqlStateOf, sqlStates } from './sql.ts'
import { waitUntil } from './wait-until.ts'

const keptKey = 'fence'
/** What the fence sets for the whole server. Vacuum writes no rows of anyone's, but log: positions must stand still. */
const fenceSettings = { default_transaction_read_only: 'on', autovacuum: 'off' }

/** Sessions a fence ends: everybody's but Bascule's own role, and the workers that write by themselves. */
const others = `from pg_stat_activity where pid <> pg_backend_pid()
  and ((backend_type = 'client backend' and usename is distinct from current_user)
    or backend_type in ('autovacuum worker', 'parallel worker'))`

/**
 * Nobody but Bascule may write to this primary from now on: no new sessions in any database (the limits are part of the
 * data, so the copy refuses, too), existing ones ended, transactions read only by default. The earlier values are
 * kept in the cluster before anything is changed. Returns how many sessions were ended.
 */
export async function fenceCluster(side: ClusterSide, io: ChangeIo): Promise<{ sessionsEnded: number }> {
  await refusePrepared(side, io)
  const limits = await limitsOf(side, io)
  await saveOnce(side, keptKey, { limits, settings: await earlierSettings(side, io) }, io)
  await setLimits(side, Object.fromEntries(Object.keys(limits).map(name => [name, 0])), io)
  for (const [name, value] of Object.entries(fenceSettings)) {
    await io.execute(side.sql, `alter system set ${name} = ${literal(value)}`)
  }
  await io.execute(side.sql, 'select pg_reload_conf()')
  const sessionsEnded = await endSessions(side, io)
  await proveReadOnly(side, io)
  return { sessionsEnded }
}

/** Users may write again: limits and settings as they were before the fence. Without a fence there is nothing to lift. */
export async function liftFence(side: ClusterSide, io: ChangeIo): Promise<void> {
  const earlier = await readSaved(side, keptKey, io)
  if (earlier === undefined) return
  await restoreSettings(side, earlier.settings as JsonObject, io)
  await setLimits(side, earlier.limits as Record<string, number>, io)
  await proveWritable(side, io)
  await removeSaved(side, keptKey, io)
}

/** A standby that was a fenced primary before: the fence in its data goes with its primary's, that in its files stays. */
export async function liftFilesFence(
  standby: ClusterSide,
  primary: ClusterSide,
  io: ChangeIo,
): Promise<void> {
  const earlier = await readSaved(primary, keptKey, io)
  if (earlier !== undefined) await restoreSettings(standby, earlier.settings as JsonObject, io)
}

/** Whatever its files say from an earlier life: this primary takes writes, proven by one. */
export async function acceptWrites(side: ClusterSide, io: ChangeIo): Promise<void> {
  await liftFence(side, io)
  await io.execute(side.sql, 'alter system reset default_transaction_read_only')
  await io.execute(side.sql, 'select pg_reload_conf()')
  await proveWritable(side, io)
}

/** The source after its target is gone: what lifted the fence there has lifted it in the data, and not in the source's own files. */
export async function openAgain(source: ClusterSide, io: ChangeIo): Promise<void> {
  if ((await readSaved(source, keptKey, io)) !== undefined) return liftFence(source, io)
  await restoreSettings(source, {}, io)
  await proveWritable(source, io)
}

async function restoreSettings(side: ClusterSide, earlier: JsonObject, io: ChangeIo): Promise<void> {
  for (const name of Object.keys(fenceSettings)) {
    const value = earlier[name]
    const change = typeof value === 'string' ? `set ${name} = ${literal(value)}` : `reset ${name}`
    await io.execute(side.sql, `alter system ${change}`)
  }
  await io.execute(side.sql, 'select pg_reload_conf()')
}

export async function isFenced(side: ClusterSide, io: ReadIo): Promise<boolean> {
  const row = await queryOne(
    io,
    side.sql,
    'select bool_and(datconnlimit = 0) as closed from pg_database where datallowconn and not datistemplate',
  )
  return row?.closed === true && (await isReadOnlyByDefault(side, io))
}

/** As the files say: what a session says of itself may be its own choice (Bascule's reading sessions are read only). */
export async function isReadOnlyByDefault(side: ClusterSide, io: ReadIo): Promise<boolean> {
  const row = await queryOne(
    io,
    side.sql,
    `select setting from pg_file_settings where name = 'default_transaction_read_only'
     order by seqno desc limit 1`,
  )
  return row?.setting === 'on'
}

export const hasSessions = async (side: ClusterSide, io: ReadIo): Promise<boolean> =>
  Number(await queryText(io, side.sql, `select count(*) ${others}`)) > 0

async function refusePrepared(side: ClusterSide, io: ReadIo): Promise<void> {
  const rows = await io.query(side.sql, 'select gid, database from pg_prepared_xacts limit 5')
  if (rows.length === 0) return
  throw new Failure(
    { key: 'postgres.fence.prepared', values: { gids: rows.map(row => row.gid).join(', ') } },
    { remedy: { key: 'postgres.fence.prepared.remedy' } },
  )
}

/** As users had them before the fence, where there is one. */
export async function limitsForUsers(side: ClusterSide, io: ReadIo): Promise<Record<string, number>> {
  const earlier = await readSaved(side, keptKey, io)
  return earlier === undefined ? limitsOf(side, io) : (earlier.limits as Record<string, number>)
}

export async function limitsOf(side: ClusterSide, io: ReadIo): Promise<Record<string, number>> {
  const rows = await io.query(
    side.sql,
    'select datname, datconnlimit from pg_database where datallowconn and not datistemplate',
  )
  return Object.fromEntries(rows.map(row => [String(row.datname), Number(row.datconnlimit)]))
}

/** Of those that are there. */
export async function setLimits(
  side: ClusterSide,
  limits: Record<string, number>,
  io: ChangeIo,
): Promise<void> {
  const present = await limitsOf(side, io)
  const changes = Object.entries(limits)
    .filter(([name, limit]) => present[name] !== undefined && present[name] !== limit)
    .map(([name, limit]) => `alter database ${identifier(name)} with connection limit ${limit}`)
  if (changes.length > 0) await executeReadWrite(io, side.sql, ...changes)
}

/** What ALTER SYSTEM had set before; null where the configuration files speak. */
async function earlierSettings(side: ClusterSide, io: ReadIo): Promise<Record<string, string | null>> {
  const rows = await io.query(
    side.sql,
    `select name, setting from pg_file_settings where sourcefile like '%/postgresql.auto.conf'`,
  )
  const set = new Map(rows.map(row => [String(row.name), String(row.setting)]))
  return Object.fromEntries(Object.keys(fenceSettings).map(name => [name, set.get(name) ?? null]))
}

/** Again until none is left: one that was just being let in shows up a moment later. */
async function endSessions(side: ClusterSide, io: ChangeIo): Promise<number> {
  let ended = 0
  await waitUntil(
    io,
    async () => {
      const rows = await io.execute(side.sql, `select pid, pg_terminate_backend(pid) as told ${others}`)
      ended += rows.filter(row => row.told === true).length
      return rows.length === 0 ? true : undefined
    },
    {
      seconds: 15,
      firstPauseSeconds: 0.02,
      otherwise: () => ({ key: 'postgres.fence.sessions', values: { host: side.host } }),
      remedy: { key: 'postgres.fence.sessions.remedy', values: { host: side.host } },
    },
  )
  return ended
}

const write = "insert into bascule.marker (text) values ('write test')"

/** A session like any other tries to write and must be refused, in those words: anything else proves nothing. */
async function proveReadOnly(side: ClusterSide, io: ChangeIo): Promise<void> {
  await waitUntil(
    io,
    async () => {
      try {
        await io.execute(side.sql, write)
        return undefined
      } catch (error) {
        if (sqlStateOf(error) === sqlStates.readOnlyTransaction) return true
        throw error
      }
    },
    { seconds: 10, otherwise: () => ({ key: 'postgres.fence.stillWritable', values: { host: side.host } }) },
  )
}

export async function proveWritable(side: ClusterSide, io: ChangeIo): Promise<void> {
  await waitUntil(
    io,
    async () => {
      await io.execute(side.sql, write)
      return true
    },
    { seconds: 10, otherwise: () => ({ key: 'postgres.accept.notWritable', values: { host: side.host } }) },
  )
}

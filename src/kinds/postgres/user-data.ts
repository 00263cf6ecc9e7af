import type { ReadIo } from '../../model/io.ts'
import { dataDirectoryOf, pathExists, stateOf } from './cluster.ts'
import { listDirectory } from './commands.ts'
import { type ClusterSide, inDatabase } from './sides.ts'

/** Object ids below are PostgreSQL's own. */
export const firstUserOid = 16384

/**
 * What people have put into a cluster: names of databases of theirs, and of PostgreSQL's own databases that hold
 * tables of theirs. Of a cluster that is down, the databases' ids. Empty: nothing would be lost.
 */
export async function userDatabases(side: ClusterSide, io: ReadIo): Promise<string[]> {
  const state = await stateOf(side, io)
  if (state !== 'primary' && state !== 'standby') return await directoriesOf(side, io)
  const databases = await io.query(
    side.sql,
    'select datname, oid::int8 as oid from pg_database where datallowconn and not datistemplate order by datname',
  )
  const found: string[] = []
  for (const { datname, oid } of databases) {
    const name = String(datname)
    if (Number(oid) >= firstUserOid || (await holdsTables(side, name, io))) found.push(name)
  }
  return found
}

async function holdsTables(side: ClusterSide, database: string, io: ReadIo): Promise<boolean> {
  const rows = await io.query(
    inDatabase(side, database),
    `select 1 as yes from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'bascule')
       and n.nspname not like 'pg\\_t%' limit 1`,
  )
  return rows.length > 0
}

async function directoriesOf(side: ClusterSide, io: ReadIo): Promise<string[]> {
  const base = `${await dataDirectoryOf(side, io)}/base`
  if (!(await pathExists(side, base, io))) return []
  const { stdout } = await io.read(side.host, listDirectory(base), { asUser: 'postgres' })
  return stdout.split('\n').filter(name => /^\d+$/.test(name) && Number(name) >= firstUserOid)
}

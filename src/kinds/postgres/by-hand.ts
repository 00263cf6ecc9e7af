import type { Argv } from '../../model/io.ts'
import { asUser } from '../../transport/become.ts'
import { typed } from '../kit/by-hand.ts'
import { stopCluster } from './commands.ts'
import { type ClusterSide, standbySignal } from './sides.ts'
import { literal, readWrite } from './sql.ts'

/** What a person types as root at the host of a side: the values of a sentence that says so. */
export const byHandAt = (side: ClusterSide, ...commands: Argv[]): { host: string; commands: string } => ({
  host: side.host,
  commands: typed(...commands),
})

export const asPostgres = (argv: Argv): Argv => asUser('postgres', argv)

/** Each statement on its own, by the superuser that logs in through the socket; the first that fails is the last. */
export const psql = (side: ClusterSide, ...statements: string[]): Argv =>
  asPostgres([
    ...['psql', '-X', '-p', String(side.port), '-d', side.spec.admin.database, '-v', 'ON_ERROR_STOP=1'],
    ...statements.flatMap(statement => ['-c', statement]),
  ])

/** Debian's own, where the audit could not ask. */
export const dataDirectoryByHand = ({ dataDirectory, version, clusterName }: ClusterSide): string =>
  dataDirectory ?? `/var/lib/postgresql/${version}/${clusterName}`

/** `query` gives a name and a limit for each database. It may write where reading is the default, too. */
const limitDatabases = (query: string, ...more: string[]): string =>
  readWrite(
    `do $$ declare one record; begin for one in ${query} loop ` +
      `execute format('alter database %I with connection limit %s', one.name, one.most); end loop; end $$`,
    ...more,
  )

/** No user connects or writes any more. */
export const closeToUsers = ({ spec }: ClusterSide): string[] => [
  limitDatabases(
    'select datname as name, 0 as most from pg_database where datallowconn and not datistemplate',
  ),
  'alter system set default_transaction_read_only = on',
  'select pg_reload_conf()',
  `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() ` +
    `and backend_type = 'client backend' and usename is distinct from ${literal(spec.admin.user)}`,
]

/** As it was before the fence, whose notes are in the database. */
export const openToUsers = (): string[] => [
  'alter system reset default_transaction_read_only',
  'alter system reset autovacuum',
  'select pg_reload_conf()',
  limitDatabases(
    `select d.datname as name, l.value as most from bascule.kept k, jsonb_each_text(k.value->'limits') l ` +
      `join pg_database d on d.datname = l.key where k.key = 'fence'`,
    `delete from bascule.kept where key = 'fence'`,
  ),
]

/** Stopped, and marked so that it starts as a standby only. */
export const stopAsStandbyByHand = (side: ClusterSide) =>
  byHandAt(side, asPostgres(['touch', standbySignal(dataDirectoryByHand(side))]), stopCluster(side, 'fast'))

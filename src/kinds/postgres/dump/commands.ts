import { join } from 'node:path'
import type { Argv } from '../../../model/io.ts'
import { script } from '../../kit/script.ts'
import { tls } from '../commands.ts'
import { programsFolder } from '../safety-copy/place.ts'
import { conninfo } from '../settings.ts'
import { type ClusterSide, programPath } from '../sides.ts'
import type { DumpSpec } from '../spec-dump.ts'
import { type DumpSide, dumpFolder, ownDatabase } from './place.ts'

const scripts = join(import.meta.dirname, '../scripts')
const password = script(scripts, 'with-password.sh')
const dump = script(scripts, 'dump.sh')
const roles = script(scripts, 'restore-roles.sh')

/** How the target's programs reach the source, as the role whose sessions the write fence keeps. The password is not in it. */
export const connectionTo = (source: DumpSide, target: DumpSide, database: string): string =>
  conninfo({
    ...{ host: source.address, port: source.port, user: source.spec.admin.user },
    ...tls(source, target),
    ...{ application_name: 'bascule dump', dbname: database },
  })

/** Logs in at the source as the dump will, and does nothing. Standard input: the password. */
export const tryConnection = (source: DumpSide, target: DumpSide): Argv =>
  password.argv(
    ...[programPath(target, 'psql'), '-X', '-A', '-t', '-w', '-d', connectionTo(source, target, ownDatabase)],
    ...['-c', 'select 1'],
  )

/** Of a database with any name. */
export const fileOf = (database: string): string => encodeURIComponent(database)

/** Standard input: the password. `tag`: of what the source holds. */
export const dumpAll = (
  source: DumpSide,
  target: DumpSide,
  work: string,
  tag: string,
  databases: readonly string[],
): Argv =>
  password.argv(
    ...['bash', '-c', dump.text(), 'dump.sh', dumpFolder(work), programsFolder(target)],
    ...[String(target.spec.dump.jobs), compressionOf(target.spec, target.version), tag],
    connectionTo(source, target, ownDatabase),
    ...databases.flatMap(name => [fileOf(name), connectionTo(source, target, name)]),
  )

/** As pg_dump of that version takes it: before 16 there is gzip alone, by its level. */
export function compressionOf({ dump: { compression } }: DumpSpec, version: string): string {
  if (compression === 'none') return '0'
  const isNew = Number(version) >= 16
  if (compression === 'auto') return isNew ? 'zstd' : '6'
  return isNew ? compression : '6'
}

export type Dumped = { tag: string; bytes: number; files: string[] }
/** What the script has printed once everything was whole; undefined: it is not. */
export function dumpedIn(printed: string): Dumped | undefined {
  const tag = /^of (\S+)$/m.exec(printed)?.[1]
  if (tag === undefined) return undefined
  const files = [...printed.matchAll(/^dumped (\d+) (.+)$/gm)].map(([, bytes, file = '']) => ({
    bytes: Number(bytes),
    file,
  }))
  return {
    tag,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map(({ file }) => file),
  }
}

/** Standard input: the statements of the note. `leftOut`: quoted as in SQL. */
export const restoreRoles = (
  target: DumpSide,
  work: string,
  socket: string,
  leftOut: readonly string[],
): Argv => [
  ...['env', quiet, 'bash', '-c', roles.text(), 'restore-roles.sh', `${dumpFolder(work)}/roles.sql`],
  ...[programPath(target, 'psql'), socket, String(target.port), ...leftOut],
]

/** Neither the statements nor what fails of them reaches the server's log: some hold passwords. */
const quiet =
  'PGOPTIONS=-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic'

export const restoring = 'bascule restore'

/** Creates the database as it was (owner, encoding, locale, rights, settings), with all that is in it. */
export const restoreDatabase = (target: DumpSide, work: string, socket: string, database: string): Argv => [
  ...['env', quiet, programPath(target, 'pg_restore'), '--no-password', '--create', '--exit-on-error'],
  `--dbname=${inSocket(target, socket, ownDatabase, restoring)}`,
  ...[`--jobs=${target.spec.dump.jobs}`, `${dumpFolder(work)}/${fileOf(database)}`],
]

export const analyzeDatabase = (target: DumpSide, socket: string, database: string): Argv => [
  ...[programPath(target, 'vacuumdb'), '--no-password', '--analyze-only', '--quiet'],
  ...[`--jobs=${target.spec.dump.jobs}`, `--dbname=${inSocket(target, socket, database)}`],
]

/** Statements come on standard input; one row a line, its columns apart by `|`. */
export const ask = (side: ClusterSide, socket: string, database: string): Argv => [
  ...[programPath(side, 'psql'), '-X', '-A', '-t', '-q', '-w', '-v', 'ON_ERROR_STOP=1'],
  ...['-d', inSocket(side, socket, database)],
]

const inSocket = (side: ClusterSide, socket: string, database: string, name = 'bascule'): string =>
  conninfo({ host: socket, port: side.port, dbname: database, application_name: name })

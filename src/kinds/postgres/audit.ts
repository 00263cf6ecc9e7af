import { dirname } from 'node:path'
import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import { controlOf, dataDirectoryOf, pathExists, stateOf } from './cluster.ts'
import { freeBytes } from './commands.ts'
import { copyIdOf, proofOf } from './compare/proof.ts'
import type { PostgresFacts } from './facts.ts'
import { bytesBetween } from './lsn.ts'
import { settingsOfBoth } from './settings.ts'
import { inDatabase, type Side, type Sides } from './sides.ts'
import { queryOne, queryText } from './sql.ts'
import { userDatabases } from './user-data.ts'

/**
 * Reads only. A target that is down is a fact like any other. A source that cannot be asked is a Failure, and so is a
 * target that runs and lets nobody in (wrong port, wrong password), or a password that cannot be read.
 */
export async function auditSides(sides: Sides, io: ReadIo): Promise<PostgresFacts> {
  await io.secret(sides.spec.replication.password)
  return { ...(await sourceFacts(sides, io)), ...(await targetFacts(sides, io)) }
}

async function sourceFacts({ source, target, spec }: Sides, io: ReadIo): Promise<PostgresFacts> {
  const sourceState = await stateOf(source, io)
  const server = await serverFacts(source, io)
  const host = await hostFacts(source, io)
  const databases = await databaseFacts(source, io)
  const wal = await walFacts(source, io)
  const admitted = await queryOne(
    io,
    source.sql,
    `select bool_or('replication' = any(database)) as any from pg_hba_file_rules where type in ('host', 'hostssl')`,
  )
  const proof = await proofOf(source, io)
  return {
    sourceState,
    ...named('source', { ...server, ...host }),
    ...databases,
    ...wal,
    hbaAdmitsReplication: admitted?.any === true,
    replicationUser: spec.replication.user,
    proofCopy: proof?.copyId ?? '',
    proofAt: proof?.at ?? '',
    targetAddress: target.address,
  }
}

type Named<Side extends string, Found> = {
  [Name in keyof Found & string as `${Side}${Capitalize<Name>}`]: Found[Name]
}
/** What both sides are asked alike, under names of their own. */
const named = <Side extends string, Found extends object>(side: Side, found: Found): Named<Side, Found> =>
  Object.fromEntries(
    Object.entries(found).map(([name, value]) => [
      `${side}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  ) as Named<Side, Found>

async function serverFacts(at: Side, io: ReadIo) {
  const row = await queryOne(
    io,
    at.sql,
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as num,
       current_setting('ssl') as ssl, current_setting('data_checksums') as checksums,
       (select system_identifier::text from pg_control_system()) as identifier,
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       (select pg_collation_actual_version(oid) from pg_collation where collprovider = 'i' limit 1) as icu`,
  )
  const columns = settingsOfBoth.map(name => `current_setting('${name}')::int as ${name}`)
  const limits = (await queryOne(io, at.sql, `select ${columns.join(', ')}`)) ?? {}
  return {
    version: String(row?.version),
    versionNumber: Number(row?.num),
    tls: row?.ssl === 'on',
    checksums: row?.checksums === 'on',
    systemIdentifier: String(row?.identifier),
    icu: String(row?.icu ?? ''),
    adminIsSuperuser: row?.superuser === true,
    limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, Number(value)])),
  }
}

async function hostFacts(at: Side, io: ReadIo) {
  const { stdout: glibc } = await io.read(at.host, ['getconf', 'GNU_LIBC_VERSION'])
  const dataDirectory = await dataDirectoryOf(at, io)
  const { stdout } = await io.read(at.host, freeBytes(dirname(dataDirectory)))
  return { glibc: glibc.trim(), dataDirectory, diskFree: Number(stdout.split('\n')[1]?.trim() ?? 0) }
}

async function databaseFacts(source: Side, io: ReadIo) {
  const rows = await io.query(
    source.sql,
    `select datname, pg_database_size(oid)::int8 as size, pg_encoding_to_char(encoding) as encoding,
       datcollate, datctype, to_jsonb(d) ->> 'datlocprovider' as provider,
       to_jsonb(d) ->> 'datcollversion' as collversion, datconnlimit
     from pg_database d where datallowconn and not datistemplate order by datname`,
  )
  const byDatabase = <Value>(value: (row: (typeof rows)[number]) => Value) =>
    Object.fromEntries(rows.map(row => [String(row.datname), value(row)]))
  return {
    databases: byDatabase(row => Number(row.size)),
    connectionLimits: byDatabase(row => Number(row.datconnlimit)),
    collations: byDatabase(row => ({
      encoding: String(row.encoding ?? ''),
      collate: String(row.datcollate ?? ''),
      ctype: String(row.datctype ?? ''),
      provider: String(row.provider ?? 'c'),
      version: String(row.collversion ?? ''),
    })),
    sizeBytes: rows.reduce((sum, row) => sum + Number(row.size), 0),
    tablespaces: await namesOf(
      source,
      "select spcname as name from pg_tablespace where spcname !~ '^pg_'",
      io,
    ),
    preparedTransactions: await namesOf(source, 'select gid as name from pg_prepared_xacts', io),
    ...(await tableFacts(
      source,
      rows.map(row => String(row.datname)),
      io,
    )),
  }
}

async function walFacts(source: Side, io: ReadIo) {
  const row = await queryOne(
    io,
    source.sql,
    `select current_setting('wal_level') as level, current_setting('max_wal_senders')::int as senders,
       current_setting('max_replication_slots')::int as slots, current_setting('wal_keep_size') as keep,
       current_setting('max_slot_wal_keep_size') as slot_keep,
       (select count(*)::int from pg_stat_replication) as senders_used,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
       exists (select 1 from pg_available_extensions where name = 'pg_walinspect') as walinspect`,
  )
  const slots = await io.query(
    source.sql,
    "select slot_name, slot_type, active, coalesce(wal_status, '') as wal_status from pg_replication_slots",
  )
  return {
    walLevel: String(row?.level),
    walSenders: Number(row?.senders),
    walSendersFree: Number(row?.senders) - Number(row?.senders_used),
    replicationSlots: Number(row?.slots),
    walKeepSize: String(row?.keep),
    maxSlotWalKeepSize: String(row?.slot_keep),
    connections: Number(row?.connections),
    walInspectAvailable: row?.walinspect === true,
    slots: slots.map(slot => ({
      slot_name: String(slot.slot_name),
      slot_type: String(slot.slot_type),
      active: slot.active === true,
      wal_status: String(slot.wal_status),
    })),
    superuserSessions: await namesOf(
      source,
      `select distinct a.usename as name from pg_stat_activity a join pg_roles r on r.rolname = a.usename
       where r.rolsuper and a.usename <> current_user and a.backend_type = 'client backend'`,
      io,
    ),
    walBytesPerSecond: await walRate(source, io),
  }
}

/** The second slept is the measurement itself. */
async function walRate(source: Side, io: ReadIo): Promise<number> {
  const position = (): Promise<string> =>
    queryText(io, source.sql, 'select pg_current_wal_insert_lsn()::text')
  const before = await position()
  const startedAt = io.now()
  await io.sleep(1)
  const after = await position()
  const seconds = Math.max(0.1, secondsBetween(startedAt, io.now()))
  return Math.round(bytesBetween(before, after) / seconds)
}

async function targetFacts({ target }: Sides, io: ReadIo): Promise<PostgresFacts> {
  const targetState = await stateOf(target, io)
  if (targetState === 'starting') await queryText(io, target.sql, 'select 1')
  const host = await hostFacts(target, io)
  const found = {
    targetState,
    ...named('target', host),
    targetLocales: await localesOf(target, io),
    targetUserDatabases: await userDatabases(target, io),
  }
  if (targetState !== 'primary' && targetState !== 'standby')
    return { ...found, ...(await copyAtRest(target, io)) }
  const server = await serverFacts(target, io)
  return { ...found, ...named('target', server), targetCopy: await copyIdOf(target, io) }
}

/** A rollback may leave the copy stopped: the identifier that it has from the source says that it is the copy. */
async function copyAtRest(target: Side, io: ReadIo): Promise<PostgresFacts> {
  if (!(await pathExists(target, `${await dataDirectoryOf(target, io)}/global/pg_control`, io))) return {}
  return { targetSystemIdentifier: (await controlOf(target, io)).systemIdentifier }
}

/** As `locale -a` writes them, in the one spelling that compares: `fr_FR.utf8`. */
async function localesOf(side: Side, io: ReadIo): Promise<string[]> {
  const { stdout } = await io.read(side.host, ['locale', '-a'])
  return stdout.split('\n').filter(line => line !== '')
}

const namesOf = async (side: Side, text: string, io: ReadIo): Promise<string[]> =>
  (await io.query(side.sql, text)).map(row => String(row.name))

/** The largest tables are facts worth a line each; of the rest, the count is. */
const namedTables = 50

/** Tables by `database.schema.table`, with the bytes of their indexes and toasted values. */
async function tableFacts(source: Side, databases: readonly string[], io: ReadIo) {
  const facts = {
    tableCount: 0,
    unloggedTables: [] as string[],
    extensions: [] as string[],
    /** Whose version on disk is not the one the indexes were built with. */
    collationMismatches: [] as string[],
  }
  const sizes: [string, number][] = []
  for (const database of databases) {
    const connection = inDatabase(source, database)
    const prefixed = (row: Record<string, Json>): string => `${database}.${row.name}`
    const tables = await io.query(
      connection,
      `select n.nspname || '.' || c.relname as name, pg_total_relation_size(c.oid)::int8 as size, c.relpersistence
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'bascule')
         and n.nspname not like 'pg\\_t%'`,
    )
    facts.tableCount += tables.length
    sizes.push(...tables.map((row): [string, number] => [prefixed(row), Number(row.size)]))
    facts.unloggedTables.push(...tables.filter(row => row.relpersistence === 'u').map(prefixed))
    const extensions = await io.query(
      connection,
      "select extname || ' ' || extversion as name from pg_extension",
    )
    facts.extensions.push(...extensions.map(prefixed))
    const mismatches = await io.query(
      connection,
      `select collname::text as name from pg_collation
       where collversion is not null and collversion <> pg_collation_actual_version(oid)`,
    )
    facts.collationMismatches.push(...mismatches.map(prefixed))
  }
  sizes.sort(([, left], [, right]) => right - left)
  return { ...facts, tables: Object.fromEntries(sizes.slice(0, namedTables)) }
}

import { dirname } from 'node:path'
import type { Fact, Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import { controlOf, dataDirectoryOf, pathExists, stateOf } from './cluster.ts'
import { freeBytes } from './commands.ts'
import { kept } from './kept.ts'
import { bytesBetween } from './lsn.ts'
import { settingsOfBoth } from './settings.ts'
import type { Side, Sides } from './sides.ts'
import { queryOne, queryText } from './sql.ts'
import { tablesOf } from './tables.ts'
import { userDatabases } from './user-data.ts'

type Note = (name: string, value: Json, unit?: string) => void

/**
 * Reads only. A target that is down is a fact like any other. A source that cannot be asked is a Failure, and so is a
 * target that runs and lets nobody in (wrong port, wrong password), or a password that cannot be read.
 */
export async function auditSides(sides: Sides, io: ReadIo): Promise<Facts> {
  await io.secret(sides.spec.replication.password)
  const facts: Facts = {}
  const note: Note = (name, value, unit = '') => {
    facts[name] = { value, unit, at: io.now() } satisfies Fact
  }
  await auditSource(sides, io, note)
  await auditTarget(sides, io, note)
  return facts
}

async function auditSource({ source, target, spec }: Sides, io: ReadIo, note: Note): Promise<void> {
  const state = await stateOf(source, io)
  note('sourceState', state)
  await noteServer('source', source, io, note)
  await noteHost('source', source, io, note)
  await noteDatabases(source, io, note)
  await noteWal(source, io, note)
  const admitted = await queryOne(
    io,
    source.sql,
    `select bool_or('replication' = any(database)) as any from pg_hba_file_rules where type in ('host', 'hostssl')`,
  )
  note('hbaAdmitsReplication', admitted?.any === true)
  note('replicationUser', spec.replication.user)
  const proof = await kept(source, 'proof', io)
  note('proofCopy', (proof?.copyId as string | undefined) ?? '')
  note('proofAt', (proof?.at as string | undefined) ?? '')
  note('targetAddress', target.address)
}

/** What both servers are asked alike. */
async function noteServer(side: 'source' | 'target', at: Side, io: ReadIo, note: Note): Promise<void> {
  const row = await queryOne(
    io,
    at.sql,
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as num,
       current_setting('ssl') as ssl, current_setting('data_checksums') as checksums,
       (select system_identifier::text from pg_control_system()) as identifier,
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       (select pg_collation_actual_version(oid) from pg_collation where collprovider = 'i' limit 1) as icu`,
  )
  note(`${side}Version`, String(row?.version))
  note(`${side}VersionNumber`, Number(row?.num))
  note(`${side}Tls`, row?.ssl === 'on')
  note(`${side}Checksums`, row?.checksums === 'on')
  note(`${side}SystemIdentifier`, String(row?.identifier))
  note(`${side}Icu`, String(row?.icu ?? ''))
  note(`${side}AdminIsSuperuser`, row?.superuser === true)
  const columns = settingsOfBoth.map(name => `current_setting('${name}')::int as ${name}`)
  note(`${side}Limits`, (await queryOne(io, at.sql, `select ${columns.join(', ')}`)) ?? {})
}

async function noteHost(side: 'source' | 'target', at: Side, io: ReadIo, note: Note): Promise<void> {
  const { stdout: glibc } = await io.read(at.host, ['getconf', 'GNU_LIBC_VERSION'])
  note(`${side}Glibc`, glibc.trim())
  const dataDirectory = await dataDirectoryOf(at, io)
  note(`${side}DataDirectory`, dataDirectory)
  const { stdout } = await io.read(at.host, freeBytes(dirname(dataDirectory)))
  note(`${side}DiskFree`, Number(stdout.split('\n')[1]?.trim() ?? 0), 'B')
}

async function noteDatabases(source: Side, io: ReadIo, note: Note): Promise<void> {
  const rows = await io.query(
    source.sql,
    `select datname, pg_database_size(oid)::int8 as size, pg_encoding_to_char(encoding) as encoding,
       datcollate, datctype, to_jsonb(d) ->> 'datlocprovider' as provider,
       to_jsonb(d) ->> 'datcollversion' as collversion, datconnlimit
     from pg_database d where datallowconn and not datistemplate order by datname`,
  )
  note('databases', Object.fromEntries(rows.map(row => [String(row.datname), Number(row.size)])), 'B')
  note(
    'connectionLimits',
    Object.fromEntries(rows.map(row => [String(row.datname), Number(row.datconnlimit)])),
  )
  note(
    'collations',
    Object.fromEntries(
      rows.map(row => [
        String(row.datname),
        {
          encoding: row.encoding ?? '',
          collate: row.datcollate ?? '',
          ctype: row.datctype ?? '',
          provider: row.provider ?? 'c',
          version: row.collversion ?? '',
        },
      ]),
    ),
  )
  note(
    'sizeBytes',
    rows.reduce((sum, row) => sum + Number(row.size), 0),
    'B',
  )
  note(
    'tablespaces',
    await names(source, "select spcname as name from pg_tablespace where spcname !~ '^pg_'", io),
  )
  note('preparedTransactions', await names(source, 'select gid as name from pg_prepared_xacts', io))
  const details = await tablesOf(
    source,
    rows.map(row => String(row.datname)),
    io,
  )
  note('tables', details.tables, 'B')
  note('tableCount', details.count)
  note('unloggedTables', details.unlogged)
  note('extensions', details.extensions)
  note('collationMismatches', details.collationMismatches)
}

async function noteWal(source: Side, io: ReadIo, note: Note): Promise<void> {
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
  note('walLevel', String(row?.level))
  note('walSenders', Number(row?.senders))
  note('walSendersFree', Number(row?.senders) - Number(row?.senders_used))
  note('replicationSlots', Number(row?.slots))
  note('walKeepSize', String(row?.keep))
  note('maxSlotWalKeepSize', String(row?.slot_keep))
  note('connections', Number(row?.connections))
  note('walInspectAvailable', row?.walinspect === true)
  const slots = await io.query(
    source.sql,
    "select slot_name, slot_type, active, coalesce(wal_status, '') as wal_status from pg_replication_slots",
  )
  note('slots', slots)
  note(
    'superuserSessions',
    await names(
      source,
      `select distinct a.usename as name from pg_stat_activity a join pg_roles r on r.rolname = a.usename
       where r.rolsuper and a.usename <> current_user and a.backend_type = 'client backend'`,
      io,
    ),
  )
  note('walBytesPerSecond', await walRate(source, io), 'B/s')
}

async function walRate(source: Side, io: ReadIo): Promise<number> {
  const position = (): Promise<string> =>
    queryText(io, source.sql, 'select pg_current_wal_insert_lsn()::text')
  const before = await position()
  const startedAt = Date.parse(io.now())
  await io.sleep(1)
  const after = await position()
  const seconds = Math.max(0.1, (Date.parse(io.now()) - startedAt) / 1000)
  return Math.round(bytesBetween(before, after) / seconds)
}

async function auditTarget({ target }: Sides, io: ReadIo, note: Note): Promise<void> {
  const state = await stateOf(target, io)
  note('targetState', state)
  if (state === 'starting') await queryText(io, target.sql, 'select 1')
  await noteHost('target', target, io, note)
  note('targetLocales', await localesOf(target, io))
  note('targetUserDatabases', await userDatabases(target, io))
  if (state !== 'primary' && state !== 'standby') return await noteCopyAtRest(target, io, note)
  await noteServer('target', target, io, note)
  note(
    'targetCopy',
    await queryText(io, target.sql, "select coalesce(current_setting('bascule.copy_id', true), '')"),
  )
}

/** A rollback may leave the copy stopped: it is ours all the same, by the identifier that it has from the source. */
async function noteCopyAtRest(target: Side, io: ReadIo, note: Note): Promise<void> {
  if (!(await pathExists(target, `${await dataDirectoryOf(target, io)}/global/pg_control`, io))) return
  note('targetSystemIdentifier', (await controlOf(target, io)).systemIdentifier)
}

/** As `locale -a` writes them, in the one spelling that compares: `fr_FR.utf8`. */
async function localesOf(side: Side, io: ReadIo): Promise<string[]> {
  const { stdout } = await io.read(side.host, ['locale', '-a'])
  return stdout.split('\n').filter(line => line !== '')
}

const names = async (side: Side, text: string, io: ReadIo): Promise<string[]> =>
  (await io.query(side.sql, text)).map(row => String(row.name))

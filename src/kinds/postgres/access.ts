import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { keepCertificate } from './certificate.ts'
import { isRunning, readConfigured } from './cluster.ts'
import { readText, removeFile } from './commands.ts'
import { createSavedTables, dropSavedSchema, readSaved, saveOnce } from './saved.ts'
import { passfileLine, scramVerifier, withoutRules, withRules } from './settings.ts'
import {
  type ClusterSide,
  otherSide,
  passfilePath,
  primaryCertificatePath,
  type Side,
  type Sides,
} from './sides.ts'
import { executeReadWrite, identifier, literal, queryOne } from './sql.ts'

const keptKey = 'allow-replication'

/** Whether a primary has noted what it was before the role came. The note is in its data: each copy has it, too. */
export const isGranted = async (primary: Side, io: ReadIo): Promise<boolean> =>
  (await readSaved(primary, keptKey, io)) !== undefined

/** In the data of a primary, and so in each copy: the role, what reads the log, and a bound on the log that slots may hold back. */
export async function grantReplication(
  primary: Side,
  { user, password, maxSlotWalKeepGB }: Side['spec']['replication'],
  io: ChangeIo,
): Promise<void> {
  await createSavedTables(primary, io)
  await saveOnce(primary, keptKey, await before(primary, user, io), io)
  await createRole(primary, user, await io.secret(password), io)
  await createWalInspect(primary, io)
  await boundSlots(primary, maxSlotWalKeepGB, io)
}

/** In a server's own file, which only a new copy of it has, too. In force from its next reload on. */
export const boundSlots = (side: Side, gigabytes: number, io: ChangeIo): Promise<unknown> =>
  io.execute(side.sql, `alter system set max_slot_wal_keep_size = '${gigabytes}GB'`)

/**
 * The inverse; a role and an extension that were there before stay. Without the note of what was before, which goes last, there is
 * nothing left to take back.
 */
export async function revokeReplication(primary: Side, role: string, io: ChangeIo): Promise<void> {
  const earlier = await readSaved(primary, keptKey, io)
  const dropped: string[] = []
  if (earlier !== undefined) {
    await restoreBound(primary, earlier.bound, io)
    if (earlier.hadExtension !== true) dropped.push('drop extension if exists pg_walinspect')
    if (await roleExists(primary, role, io)) {
      dropped.push(...rewindFunctions.map(one => `revoke ${executing(one)} from ${identifier(role)}`))
      if (earlier.hadRole !== true) dropped.push(`drop role ${identifier(role)}`)
    }
  }
  await executeReadWrite(io, primary.sql, ...dropped, dropSavedSchema)
}

/** Of a server's own file. `earlier`: as `boundOf` found it. */
export async function restoreBound(side: Side, earlier: unknown, io: ChangeIo): Promise<void> {
  const change =
    typeof earlier === 'string'
      ? `set max_slot_wal_keep_size = ${literal(earlier)}`
      : 'reset max_slot_wal_keep_size'
  await io.execute(side.sql, `alter system ${change}`)
  await io.execute(side.sql, 'select pg_reload_conf()')
}

/** What ALTER SYSTEM has set; null where it has set nothing. */
export async function boundOf(side: Side, io: ReadIo): Promise<string | null> {
  const bound = await queryOne(
    io,
    side.sql,
    `select setting from pg_file_settings
     where name = 'max_slot_wal_keep_size' and sourcefile like '%/postgresql.auto.conf'`,
  )
  return bound === undefined ? null : String(bound.setting)
}

async function before(primary: Side, role: string, io: ReadIo) {
  const extension = await queryOne(
    io,
    primary.sql,
    "select 1 as yes from pg_extension where extname = 'pg_walinspect'",
  )
  return {
    hadRole: await roleExists(primary, role, io),
    hadExtension: extension !== undefined,
    bound: await boundOf(primary, io),
  }
}

async function roleExists(side: Side, role: string, io: ReadIo): Promise<boolean> {
  return (
    (await queryOne(io, side.sql, 'select 1 as yes from pg_roles where rolname = $1', [role])) !== undefined
  )
}

/** What pg_rewind reads at the primary, and nothing more: its manual's list for a role that is no superuser. */
const rewindFunctions = [
  'pg_ls_dir(text, boolean, boolean)',
  'pg_stat_file(text, boolean)',
  'pg_read_binary_file(text)',
  'pg_read_binary_file(text, bigint, bigint, boolean)',
]
/** Whether a role has what `grantReplication` gives. A superuser, who was somebody's before, needs none of it. */
export async function mayCopy(side: Side, role: string, io: ReadIo): Promise<boolean> {
  const row = await queryOne(
    io,
    side.sql,
    `select 1 as yes from pg_roles where rolname = $1 and not rolsuper
       and has_function_privilege(oid, 'pg_catalog.pg_read_binary_file(text)', 'execute')`,
    [role],
  )
  return row !== undefined
}

const executing = (signature: string): string => `execute on function pg_catalog.${signature}`

async function createRole(primary: Side, role: string, password: string, io: ChangeIo): Promise<void> {
  const name = identifier(role)
  const verb = (await roleExists(primary, role, io)) ? 'alter' : 'create'
  await executeReadWrite(
    io,
    primary.sql,
    `${verb} role ${name} login replication password ${literal(scramVerifier(password))}`,
    ...rewindFunctions.map(signature => `grant ${executing(signature)} to ${name}`),
  )
}

/** From PostgreSQL 15 on it tells which blocks changed; where it is not to be had, the window compares every row. */
async function createWalInspect(primary: Side, io: ChangeIo): Promise<void> {
  const available = await queryOne(
    io,
    primary.sql,
    "select 1 as yes from pg_available_extensions where name = 'pg_walinspect'",
  )
  if (available) await executeReadWrite(io, primary.sql, 'create extension if not exists pg_walinspect')
}

/** Beside the data of a side: who is let in, and what its own programs need to get in at the other. The passfile comes last. */
export async function admit(side: Side, sides: Sides, io: ChangeIo): Promise<void> {
  const other = otherSide(sides, side)
  const { user, password } = sides.spec.replication
  const rules = ['replication', sides.spec.admin.database].map(database => ({
    database,
    user,
    address: other.address,
  }))
  await editHba(side, file => withRules(file, side.owner, rules), io)
  await keepCertificate(side, other, io)
  const line = passfileLine({
    host: other.address,
    port: other.port,
    user,
    password: await io.secret(password),
  })
  await io.writeFile(side.host, passfilePath(side), `${line}\n`, { mode: '0600', owner: 'postgres:postgres' })
}

/** The passfile goes last. */
export async function dismiss(side: Side, io: ChangeIo): Promise<void> {
  await editHba(side, file => withoutRules(file, side.owner), io)
  await io.change(side.host, removeFile(primaryCertificatePath(side)))
  await io.change(side.host, removeFile(passfilePath(side)))
}

/** In force at once where the server runs. */
export async function editHba(
  side: ClusterSide,
  edit: (file: string) => string,
  io: ChangeIo,
): Promise<void> {
  const path = await readConfigured(side, 'hba_file', io)
  const { stdout: file } = await io.read(side.host, readText(path))
  const edited = edit(file)
  if (edited !== file) {
    await io.writeFile(side.host, path, edited, { mode: '0640', owner: 'postgres:postgres' })
  }
  if (await isRunning(side, io)) await io.execute(side.sql, 'select pg_reload_conf()')
}

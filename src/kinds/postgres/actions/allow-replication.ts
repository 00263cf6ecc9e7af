import { z } from 'zod'
import type { Argv, ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { byHandAt, psql } from '../by-hand.ts'
import { hasCertificate, keepCertificate } from '../certificate.ts'
import { isRunning, pathExists, readConfigured } from '../cluster.ts'
import { readText, reloadCluster, removeFile } from '../commands.ts'
import { postgres } from '../define.ts'
import { createSavedTables, dropSavedTables, readSaved, saveOnce } from '../saved.ts'
import { begin, end, passfileLine, scramVerifier, withoutRules, withRules } from '../settings.ts'
import {
  configDirectory,
  fencingPath,
  otherSide,
  passfilePath,
  primaryCertificatePath,
  type Side,
  type Sides,
  sidesOf,
} from '../sides.ts'
import { executeReadWrite, identifier, literal, queryOne } from '../sql.ts'

const keptKey = 'allow-replication'

/**
 * The right to copy: a role, its password and the other's certificate at both hosts, admission in pg_hba.conf at both (the way back needs it as
 * much as the way there), and a bound on the log that slots may hold back.
 */
export const allowReplication = postgres.action({
  name: 'allow-replication',
  touches: ['source', 'target'],
  result: z.object({ role: z.string(), maxSlotWalKeepGB: z.number() }),
  plan: about => ({
    title: { key: 'postgres.allow-replication.title', values: { component: about.component.id } },
    stage: 'provision',
    expectedSeconds: 3,
    deadlineSeconds: shortDeadlineSeconds,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: dismissByHand(sidesOf(about)),
    },
  }),

  async isDone(about, io) {
    const { source, target, spec } = sidesOf(about)
    // Written last of all: where it stands, the rest stands.
    if (!(await pathExists(target, passfilePath(target), io))) return false
    if ((await readSaved(source, keptKey, io)) === undefined) return false
    // Of a certificate that was renewed since, the plan has another fingerprint.
    if (!(await hasCertificate(source, target, io)) || !(await hasCertificate(target, source, io)))
      return false
    return { role: spec.replication.user, maxSlotWalKeepGB: spec.replication.maxSlotWalKeepGB }
  },

  async apply(about, io) {
    const sides = sidesOf(about)
    const { source, spec } = sides
    const at = io.at('source')
    await createSavedTables(source, at)
    const role = spec.replication.user
    await saveOnce(source, keptKey, await before(source, role, io), at)
    await createRole(source, role, await io.secret(spec.replication.password), at)
    await createWalInspect(source, at)
    await at.execute(
      source.sql,
      `alter system set max_slot_wal_keep_size = '${spec.replication.maxSlotWalKeepGB}GB'`,
    )
    for (const side of ['source', 'target'] as const) await admit(sides[side], sides, io.at(side))
    return { role, maxSlotWalKeepGB: spec.replication.maxSlotWalKeepGB }
  },

  async undo(about, io) {
    const sides = sidesOf(about)
    const { source, spec } = sides
    const at = io.at('source')
    for (const side of ['source', 'target'] as const) await dismiss(sides[side], io.at(side))
    const earlier = await readSaved(source, keptKey, io)
    if (earlier !== undefined) {
      await at.execute(source.sql, restoreBound(earlier.bound))
      await at.execute(source.sql, 'select pg_reload_conf()')
      if (earlier.hadExtension !== true) {
        await executeReadWrite(at, source.sql, 'drop extension if exists pg_walinspect')
      }
      if (earlier.hadRole !== true) await dropRole(source, spec.replication.user, at)
    }
    await dropSavedTables(source, at)
    for (const side of ['source', 'target'] as const)
      await io.at(side).change(sides[side].host, removeFile(fencingPath(sides[side])))
  },
})

async function before(source: Side, role: string, io: ReadIo) {
  const bound = await queryOne(
    io,
    source.sql,
    `select setting from pg_file_settings
     where name = 'max_slot_wal_keep_size' and sourcefile like '%/postgresql.auto.conf'`,
  )
  const extension = await queryOne(
    io,
    source.sql,
    "select 1 as yes from pg_extension where extname = 'pg_walinspect'",
  )
  return {
    hadRole: await roleExists(source, role, io),
    hadExtension: extension !== undefined,
    bound: bound === undefined ? null : String(bound.setting),
  }
}

const restoreBound = (earlier: unknown): string =>
  typeof earlier === 'string'
    ? `alter system set max_slot_wal_keep_size = ${literal(earlier)}`
    : 'alter system reset max_slot_wal_keep_size'

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

async function createRole(source: Side, role: string, password: string, io: ChangeIo): Promise<void> {
  const name = identifier(role)
  const verb = (await roleExists(source, role, io)) ? 'alter' : 'create'
  await executeReadWrite(
    io,
    source.sql,
    `${verb} role ${name} login replication password ${literal(scramVerifier(password))}`,
    ...rewindFunctions.map(signature => `grant execute on function pg_catalog.${signature} to ${name}`),
  )
}

async function dropRole(source: Side, role: string, io: ChangeIo): Promise<void> {
  if (!(await roleExists(source, role, io))) return
  const name = identifier(role)
  await executeReadWrite(
    io,
    source.sql,
    ...rewindFunctions.map(signature => `revoke execute on function pg_catalog.${signature} from ${name}`),
    `drop role ${name}`,
  )
}

/** From PostgreSQL 15 on it tells which blocks changed; where it is not to be had, the window compares every row. */
async function createWalInspect(source: Side, io: ChangeIo): Promise<void> {
  const available = await queryOne(
    io,
    source.sql,
    "select 1 as yes from pg_available_extensions where name = 'pg_walinspect'",
  )
  if (available) await executeReadWrite(io, source.sql, 'create extension if not exists pg_walinspect')
}

async function admit(side: Side, sides: Sides, io: ChangeIo): Promise<void> {
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

async function dismiss(side: Side, io: ChangeIo): Promise<void> {
  await editHba(side, file => withoutRules(file, side.owner), io)
  await io.change(side.host, removeFile(passfilePath(side)))
  await io.change(side.host, removeFile(primaryCertificatePath(side)))
}

function dismissByHand({ source, target, spec }: Sides): Text {
  const role = identifier(spec.replication.user)
  const { host, commands } = byHandAt(
    source,
    withoutRulesByHand(source),
    removeFile(passfilePath(source)),
    removeFile(primaryCertificatePath(source)),
    removeFile(fencingPath(source)),
    reloadCluster(source),
  )
  const drop = typed(
    psql(
      source,
      'alter system reset max_slot_wal_keep_size',
      'select pg_reload_conf()',
      `drop owned by ${role}`,
      `drop role ${role}`,
      'drop schema if exists bascule cascade',
    ),
  )
  return {
    key: 'postgres.allow-replication.byHand',
    values: { source: host, target: target.host, commands, drop },
  }
}

const withoutRulesByHand = (side: Side): Argv => [
  ...['sed', '-i', `\\|^${begin(side.owner)}$|,\\|^${end(side.owner)}$|d`],
  `${configDirectory(side)}/pg_hba.conf`,
]

async function editHba(side: Side, edit: (file: string) => string, io: ChangeIo): Promise<void> {
  const path = await readConfigured(side, 'hba_file', io)
  const { stdout: file } = await io.read(side.host, readText(path))
  const edited = edit(file)
  if (edited !== file) {
    await io.writeFile(side.host, path, edited, { mode: '0640', owner: 'postgres:postgres' })
  }
  if (await isRunning(side, io)) await io.execute(side.sql, 'select pg_reload_conf()')
}

import { z } from 'zod'
import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import type { Text } from '../../../../model/text.ts'
import { typed } from '../../../kit/by-hand.ts'
import { diskOf } from '../../../kit/shared-use.ts'
import { twice } from '../../../kit/timings.ts'
import { psql } from '../../by-hand.ts'
import { removeTree } from '../../commands.ts'
import { dumping } from '../../define.ts'
import { socketFolder } from '../../safety-copy/place.ts'
import { createSavedTables } from '../../saved.ts'
import { sidesOf } from '../../sides.ts'
import { literal } from '../../sql.ts'
import { limitsForUsers, setLimits } from '../../write-fence.ts'
import { restoreDatabase, restoreRoles, restoring } from '../commands.ts'
import {
  createdRoles,
  drop,
  forget,
  isWhole,
  keepNote,
  type Note,
  noteRoles,
  oidsAt,
  readNote,
} from '../note.ts'
import { type DumpSide, type DumpSides, movedDatabases, workFolder } from '../place.ts'
import { programErrors } from '../program-errors.ts'
import { refuseOpen } from '../refuse-open.ts'
import { rolesAt } from '../roles.ts'
import { forecast, timed } from '../seconds.ts'
import { dump } from './dump.ts'

/**
 * Roles and databases of the dump at the target, which had none of these names; closed to users until `accept`. What is made is noted before
 * it is, so that the undo drops that and nothing else.
 */
export const restore = dumping.action({
  name: 'restore',
  touches: ['target'],
  result: z.object({ databases: z.number(), seconds: z.number().optional() }),
  plan: about => ({
    title: { key: 'postgres.restore.title', values: { component: about.component.id } },
    stage: 'drain',
    after: [dump],
    ...timed(forecast(about).steps.restore),
    duration: { alone: [diskOf(sidesOf(about).target.host)] },
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 5,
      deadlineSeconds: 300,
      byHand: { key: 'postgres.restore.byHand', values: readByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    const note = await readNote(target, io)
    if (note === undefined || note.of !== about.resultOf(dump)?.transaction) return false
    const all = Object.values(note.databases)
    return all.every(isWhole) && (await createdRoles(target, io)) !== undefined
      ? { databases: all.length }
      : false
  },

  async apply(about, io) {
    const sides = sidesOf(about)
    const { target } = sides
    const at = io.at('target')
    const startedAt = io.now()
    const work = await workFolder(target, io)
    const socket = await socketFolder(target, io)
    await endLeftovers(target, at)
    const note = await begin(sides, about.resultOf(dump)?.transaction ?? '', at)
    const whole = Object.values(note.databases).every(isWhole)
    if ((await createdRoles(target, io)) === undefined) await createRoles(sides, work, socket, at)
    for (const [name, state] of Object.entries(note.databases)) {
      if (isWhole(state)) continue
      io.report({ note: { key: 'postgres.restore.doing', values: { database: name } } })
      await drop(target, name, at)
      await run(target, restoreDatabase(target, work, socket, name), at)
      await setLimits(target, { [name]: 0 }, at)
      const oid = (await oidsAt(target, io)).get(name)
      if (oid !== undefined) note.databases[name] = { ...state, oid }
      await keepNote(target, note, at)
    }
    if (!whole) await at.change(target.host, removeTree(work))
    return { databases: Object.keys(note.databases).length, seconds: secondsBetween(startedAt, io.now()) }
  },

  async undo(about, io) {
    const { target } = sidesOf(about)
    // a rehearsal has no users there
    if (about.mode === 'live') await refuseOpen(target, io)
    return forget(target, io.at('target'))
  },
})

/** Of an attempt whose control host died: it would go on creating. */
const endLeftovers = (target: DumpSide, io: ChangeIo): Promise<unknown> =>
  io.execute(
    target.sql,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${literal(restoring)}`,
  )

/** What an earlier attempt has made of this dump goes on; of another dump it is dropped. */
async function begin(sides: DumpSides, of: string, io: ChangeIo): Promise<Note> {
  const { source, target } = sides
  const earlier = await readNote(target, io)
  if (earlier !== undefined && earlier.of === of) return earlier
  await createSavedTables(target, io)
  await forget(target, io)
  const names = await movedDatabases(source, io)
  const there = await oidsAt(target, io)
  const taken = names.filter(name => there.has(name))
  if (taken.length > 0) throw refused('postgres.restore.databasesThere', target, taken)
  const present = new Set(await rolesAt(target, io))
  const roles = (await rolesAt(source, io)).filter(
    name => present.has(name) && name !== target.spec.admin.user,
  )
  if (roles.length > 0) throw refused('postgres.restore.rolesThere', target, roles)
  const limits = await limitsForUsers(source, io)
  const databases = names.map(name => [name, { limit: limits[name] ?? -1 }] as const)
  const note: Note = { of, databases: Object.fromEntries(databases) }
  await keepNote(target, note, io)
  return note
}

const refused = (key: Text['key'], target: DumpSide, names: readonly string[]): Failure =>
  new Failure(
    { key, values: { host: target.host, names: names.join(', ') } },
    { remedy: { key: 'postgres.restore.there.remedy', values: { host: target.host } } },
  )

async function createRoles(
  { source, target }: DumpSides,
  work: string,
  socket: string,
  io: ChangeIo,
): Promise<void> {
  const rows = await io.query(
    target.sql,
    'select rolname as name, quote_ident(rolname) as quoted from pg_roles',
  )
  const there = new Set(rows.map(row => String(row.name)))
  const created = (await rolesAt(source, io)).filter(name => !there.has(name))
  await run(
    target,
    restoreRoles(
      target,
      work,
      socket,
      rows.map(row => String(row.quoted)),
    ),
    io,
    noteRoles(created),
  )
}

async function run(target: DumpSide, argv: readonly string[], io: ChangeIo, input?: string): Promise<void> {
  const options = { asUser: 'postgres', allowFailure: true, ...(input !== undefined && { input }) }
  const { exitCode, stderr } = await io.change(target.host, argv, options)
  if (exitCode === 0) return
  const values = { host: target.host, detail: programErrors(stderr) }
  throw new Failure(
    { key: 'postgres.restore.failed', values },
    { remedy: { key: 'postgres.restore.failed.remedy', values } },
  )
}

/** The names stand in the note: dropping is for a person who has read it. */
const readByHand = (target: DumpSide) => ({
  host: target.host,
  read: typed(
    psql(target, "select key, value from bascule.kept where key in ('dump-restore', 'dump-roles')"),
  ),
})

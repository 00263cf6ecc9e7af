import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Text } from '../../../model/text.ts'
import { readSaved, removeSaved, save } from '../saved.ts'
import { identifier, literal } from '../sql.ts'
import type { DumpSide } from './place.ts'

/**
 * A database is named before it is created, when there was none of its name; it has its `oid` once it is whole. `limit`: of users'
 * connections, which it gets when it is opened.
 */
type Restored = { limit: number; oid?: number }
/** What the step has made at the target, kept there. `of`: the tag of the dump. */
export type Note = { of: string; databases: Record<string, Restored> }

const noteKey = 'dump-restore'
/** Written in the transaction that creates the roles. */
const rolesKey = 'dump-roles'

export const readNote = async (target: DumpSide, io: ReadIo): Promise<Note | undefined> =>
  (await readSaved(target, noteKey, io)) as (JsonObject & Note) | undefined
export const keepNote = (target: DumpSide, note: Note, io: ChangeIo): Promise<void> =>
  save(target, noteKey, note, io)

export const isWhole = ({ oid }: Restored): boolean => oid !== undefined

/** Undefined before they are created. */
export async function createdRoles(target: DumpSide, io: ReadIo): Promise<string[] | undefined> {
  const kept = await readSaved(target, rolesKey, io)
  return kept === undefined ? undefined : (kept.roles as string[])
}
export const noteRoles = (roles: readonly string[]): string =>
  `insert into bascule.kept values (${literal(rolesKey)}, ${literal(JSON.stringify({ roles }))}::jsonb);`

/** Oids by the names of the databases that are there. */
export async function oidsAt(target: DumpSide, io: ReadIo): Promise<Map<string, number>> {
  const rows = await io.query(target.sql, 'select datname as name, oid::int8 as oid from pg_database')
  return new Map(rows.map(row => [String(row.name), Number(row.oid)]))
}

/**
 * Drops what the note says was made here, and nothing else: databases, then roles, then the note. A database that somebody has made
 * since under that name, and a role that others depend on by now, is left and told.
 */
export async function forget(target: DumpSide, io: ChangeIo): Promise<Text[]> {
  const note = await readNote(target, io)
  if (note === undefined) return []
  const left: Text[] = []
  const there = await oidsAt(target, io)
  for (const [name, { oid }] of Object.entries(note.databases)) {
    const found = there.get(name)
    if (found === undefined) continue
    if (oid === undefined || oid === found) await drop(target, name, io)
    else left.push({ key: 'postgres.restore.otherDatabase', values: { host: target.host, database: name } })
  }
  for (const role of (await createdRoles(target, io)) ?? []) {
    const gone = await io.execute(target.sql, `drop role if exists ${identifier(role)}`).then(
      () => true,
      error => {
        if (io.signal.aborted) throw error
        return false
      },
    )
    if (!gone) left.push({ key: 'postgres.restore.roleStays', values: { host: target.host, role } })
  }
  for (const key of [rolesKey, noteKey]) await removeSaved(target, key, io)
  return left
}

export const drop = (target: DumpSide, database: string, io: ChangeIo): Promise<unknown> =>
  io.execute(target.sql, `drop database if exists ${identifier(database)} with (force)`)

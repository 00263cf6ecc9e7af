import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ClusterSide } from './sides.ts'
import { executeReadWrite, identifier, literal, queryOne, sqlStateOf, sqlStates } from './sql.ts'

/**
 * What Bascule must remember to put things back lives in the cluster itself (schema `bascule` of the admin
 * database), written before the change it belongs to: a crash between the two loses nothing, and the copy has it too.
 */
const createSchema = [
  'create schema if not exists bascule',
  'create table if not exists bascule.kept (key text primary key, value jsonb not null)',
  `create table if not exists bascule.marker
     (id bigint generated always as identity primary key, text text not null, at timestamptz not null default now())`,
]

export const createSavedTables = (side: ClusterSide, io: ChangeIo): Promise<void> =>
  executeReadWrite(io, side.sql, ...createSchema)

/** Part of a transaction that takes back what the tables remember. */
export const dropSavedSchema = 'drop schema if exists bascule cascade'

/** The first value kept under a key stays: a second attempt would only see our own changes. */
export async function saveOnce(
  side: ClusterSide,
  key: string,
  value: JsonObject,
  io: ChangeIo,
): Promise<void> {
  await executeReadWrite(
    io,
    side.sql,
    `insert into bascule.kept values (${literal(key)}, ${literal(JSON.stringify(value))}::jsonb)
     on conflict (key) do nothing`,
  )
}
export async function save(side: ClusterSide, key: string, value: JsonObject, io: ChangeIo): Promise<void> {
  await executeReadWrite(
    io,
    side.sql,
    `insert into bascule.kept values (${literal(key)}, ${literal(JSON.stringify(value))}::jsonb)
     on conflict (key) do update set value = excluded.value`,
  )
}

export async function readSaved(side: ClusterSide, key: string, io: ReadIo): Promise<JsonObject | undefined> {
  try {
    const row = await queryOne(io, side.sql, 'select value from bascule.kept where key = $1', [key])
    return row?.value as JsonObject | undefined
  } catch (error) {
    const state = sqlStateOf(error)
    if (state === sqlStates.undefinedTable || state === sqlStates.undefinedSchema) return undefined
    throw error
  }
}

export const removeSaved = (side: ClusterSide, key: string, io: ChangeIo): Promise<void> =>
  executeReadWrite(io, side.sql, `delete from ${identifier('bascule')}.kept where key = ${literal(key)}`)

import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Side } from './sides.ts'
import { literal, queryOne } from './sql.ts'

export type Slot = { active: boolean; walStatus: string; restartLsn: string }

export async function slotAt(side: Side, name: string, io: ReadIo): Promise<Slot | undefined> {
  const row = await queryOne(
    io,
    side.sql,
    `select active, coalesce(wal_status, '') as status, coalesce(restart_lsn::text, '') as lsn
     from pg_replication_slots where slot_name = $1`,
    [name],
  )
  return row && { active: row.active === true, walStatus: String(row.status), restartLsn: String(row.lsn) }
}

/** A slot that holds the log back from now on. One whose log is already gone is of no use and is made anew. */
export async function ensureSlot(side: Side, name: string, io: ChangeIo): Promise<void> {
  const slot = await slotAt(side, name, io)
  if (slot !== undefined && slot.walStatus !== 'lost') return
  if (slot !== undefined) await dropSlot(side, name, io)
  await io.execute(side.sql, `select pg_create_physical_replication_slot(${literal(name)}, true)`)
}

/** A slot left behind fills the disk. In use, it is left alone: the server refuses, and says so. */
export async function dropSlot(side: Side, name: string, io: ChangeIo): Promise<void> {
  await io.execute(
    side.sql,
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${literal(name)}`,
  )
}

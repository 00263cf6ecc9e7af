import { secondsBetween } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import { namesOf } from './audit-databases.ts'
import { bytesBetween } from './lsn.ts'
import type { Side } from './sides.ts'
import { queryOne, queryText } from './sql.ts'

export async function walFacts(source: Side, io: ReadIo) {
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
    `select slot_name, slot_type, active, coalesce(wal_status, '') as wal_status,
       coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
         else pg_current_wal_insert_lsn() end, restart_lsn), 0)::int8 as retained
     from pg_replication_slots`,
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
      retainedBytes: Number(slot.retained),
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

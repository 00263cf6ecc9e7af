import type { ReadIo } from '../../model/io.ts'
import type { Lsn } from './lsn.ts'
import type { Side } from './sides.ts'
import { queryOne } from './sql.ts'

/** How far the way back had come: the last position received by the standby, and when its last replayed transaction was committed. */
export async function receivedFrom(
  standby: Side,
  io: ReadIo,
): Promise<{ received?: Lsn; lastTransactionAt?: string }> {
  const row = await queryOne(
    io,
    standby.sql,
    `select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text as received,
      to_char(pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  )
  return {
    ...(typeof row?.received === 'string' && { received: row.received as Lsn }),
    ...(typeof row?.at === 'string' && { lastTransactionAt: row.at }),
  }
}

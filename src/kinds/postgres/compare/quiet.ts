import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Lsn } from '../lsn.ts'
import type { Side } from '../sides.ts'
import { queryOne, queryText } from '../sql.ts'
import { until } from '../wait.ts'

/** How long a transaction that was open before may stay open. */
const openSeconds = 60

/** The next transaction's number: it stays the same exactly as long as nobody writes a row. */
export const nextTransaction = (side: Side, io: ReadIo): Promise<string> =>
  queryText(io, side.sql, 'select pg_snapshot_xmax(pg_current_snapshot())::text')

/**
 * A position from which on the log tells everything: each transaction that wrote before it has ended, so that what it
 * wrote is visible to a comparison made now. Throws Failure when one stays open for a minute.
 */
export async function settledPosition(source: Side, io: ReadIo): Promise<Lsn> {
  const position = await queryText(io, source.sql, 'select pg_current_wal_insert_lsn()::text')
  const next = await nextTransaction(source, io)
  await until(
    io,
    async () => {
      const row = await queryOne(
        io,
        source.sql,
        'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as settled',
        [next],
      )
      return row?.settled === true ? true : undefined
    },
    {
      seconds: openSeconds,
      everySeconds: 0.2,
      otherwise: () => ({
        key: 'postgres.prove.openTransaction',
        values: { host: source.host, seconds: openSeconds },
      }),
      remedy: { key: 'postgres.prove.openTransaction.remedy', values: { host: source.host } },
    },
  ).catch(async error => {
    throw error instanceof Failure ? await namingOldest(error, source, io) : error
  })
  return position
}

async function namingOldest(failure: Failure, source: Side, io: ReadIo): Promise<Failure> {
  const oldest = await queryOne(
    io,
    source.sql,
    `select pid, usename, xact_start from pg_stat_activity where backend_xid is not null
     order by age(backend_xid) desc limit 1`,
  ).catch(() => undefined)
  return new Failure(
    { ...failure.text, values: { ...failure.text.values, pid: Number(oldest?.pid ?? 0) } },
    { cause: failure, ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }) },
  )
}

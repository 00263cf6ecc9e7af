import pg from 'pg'
import { type Entries, type RowsByClientId, rowKey } from './judge.ts'
import type { WrittenTable } from './ledger.ts'

/** Counts, in the database of the site in authority, the rows of every write that the ledger attempted. */
export async function readRows(connection: pg.ClientConfig, entries: Entries): Promise<RowsByClientId> {
  const wanted: Record<WrittenTable, Set<string>> = {
    answers: new Set(),
    progress: new Set(),
    uploads: new Set(),
  }
  for await (const entry of entries)
    if (entry.kind === 'attempt' || entry.kind === 'acknowledged') wanted[entry.table].add(entry.clientId)
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const rows = new Map<string, number>()
    // The unique index could hide a second row if it were damaged: the table itself is read.
    await client.query(
      'SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off',
    )
    for (const table of Object.keys(wanted) as WrittenTable[])
      await countRows(client, table, [...wanted[table]], rows)
    return rows
  } finally {
    await client.end()
  }
}

async function countRows(client: pg.Client, table: WrittenTable, ids: string[], rows: Map<string, number>) {
  const found = await client.query<{ clientId: string; rows: number }>(
    `SELECT client_id AS "clientId", count(*)::int AS rows FROM ${table}
     WHERE client_id IN (SELECT unnest($1::uuid[])) GROUP BY client_id`,
    [ids],
  )
  for (const row of found.rows) rows.set(rowKey(table, row.clientId), row.rows)
}

import pg from 'pg'
import { testPasswordRecords, trainer } from './accounts.ts'
import { rowStatements, sequenceStatements } from './rows.ts'
import { grants, keysAndIndexes, tables } from './schema.ts'
import { type RowCounts, rowCountsOf, type Size } from './sizes.ts'
import { treeOf } from './tree.ts'

export type SeedConnection = {
  host: string
  port: number
  database: string
  user: string
  password?: string
  ssl?: boolean | { rejectUnauthorized: boolean }
}
export type SeedProgress = { what: string; done: number; total: number }
export type SeedOptions = {
  /** Granted what the estate's programs need, when they do not connect as the tables' owner. */
  serviceRole?: string
}

/**
 * Fills an empty database, in one transaction: it is seeded whole or not at all. The same size gives the same
 * rows. Throws what PostgreSQL says when the tables exist already.
 */
export async function seedDatabase(
  connection: SeedConnection,
  size: Size,
  onProgress: (progress: SeedProgress) => void = () => undefined,
  options: SeedOptions = {},
): Promise<RowCounts> {
  const counts = rowCountsOf(size)
  const fills = rowStatements(counts)
  const total = fills.length + keysAndIndexes.length + sequenceStatements.length + 4
  let done = 0
  const client = new pg.Client(connection)
  await client.connect()
  const run = async (what: string, work: () => Promise<unknown>) => {
    onProgress({ what, done, total })
    await work()
    done += 1
  }
  try {
    await client.query(`BEGIN; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL timezone = 'UTC'`)
    await run('tables', () => client.query(tables))
    await run('accounts', () => fillAccounts(client, counts))
    for (const { table, text } of fills) await run(table, () => client.query(text))
    await run('media', () => fillMedia(client, size))
    for (const statement of [...keysAndIndexes, ...sequenceStatements])
      await run('keys', () => client.query(statement))
    if (options.serviceRole) await client.query(grants(options.serviceRole))
    await client.query('COMMIT')
    await run('statistics', () => client.query('VACUUM ANALYZE'))
    onProgress({ what: 'seeded', done: total, total })
    return counts
  } finally {
    await client.end()
  }
}

async function fillAccounts(client: pg.Client, counts: RowCounts): Promise<void> {
  const records = await testPasswordRecords()
  await client.query(
    `INSERT INTO accounts (id, email, display_name, role, password_hash, password_salt, password_cost, created_at)
     SELECT n, CASE WHEN n <= $1 THEN 'user-' || lpad(n::text, 6, '0') || '@techcorp.test' ELSE $2 END,
            'Utilisateur n° ' || n, CASE WHEN n <= $1 THEN 'learner' ELSE 'trainer' END,
            ($3::bytea[])[1 + class], ($4::bytea[])[1 + class], $5, timestamptz '2025-09-01Z' + n * interval '1 minute'
     FROM (SELECT n, CASE WHEN n <= $1 THEN n % $6 ELSE 0 END AS class
           FROM generate_series(1, $1::int + 1) AS n) AS numbered`,
    [
      counts.accounts,
      trainer.email,
      records.map(record => record.hash),
      records.map(record => record.salt),
      records[0]?.cost,
      records.length,
    ],
  )
}

/** Courses list the files that seedFiles writes for the same size. */
async function fillMedia(client: pg.Client, size: Size): Promise<void> {
  const batch = 10_000
  let files: { course: number; path: string; kind: string }[] = []
  const flush = async () => {
    await client.query(
      `INSERT INTO media (course_id, path, kind) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])`,
      [files.map(file => file.course), files.map(file => file.path), files.map(file => file.kind)],
    )
    files = []
  }
  for (const { course, path, kind } of treeOf(size)) {
    if (course !== undefined) files.push({ course, path, kind })
    if (files.length === batch) await flush()
  }
  await flush()
}

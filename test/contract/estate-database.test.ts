import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SeedProgress, seedDatabase } from '../../lab/estate/seed/database.ts'
import { EstateCluster } from '../helpers/estate-cluster.ts'

describe.skipIf(process.getuid?.() !== 0)('seedDatabase', () => {
  let cluster: EstateCluster
  const seen: SeedProgress[] = []
  let counts: Awaited<ReturnType<typeof seedDatabase>>

  beforeAll(async () => {
    cluster = await EstateCluster.create()
    await cluster.administer('CREATE ROLE estate_service')
    const options = { serviceRole: 'estate_service' }
    counts = await seedDatabase(cluster.connection, 'small', progress => seen.push(progress), options)
  })
  afterAll(() => cluster?.remove())

  const tables = async () =>
    (
      await cluster.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
      )
    ).map(table => table.name)

  /** Of every row of a table, whatever their order. */
  const digest = async (database: string, table: string) => {
    const [found] = await cluster.query<{ digest: string }>(
      `SELECT md5(string_agg(row, '' ORDER BY row)) AS digest FROM (SELECT md5(t::text) AS row FROM ${table} AS t) AS rows`,
      [],
      database,
    )
    return found?.digest
  }

  it('makes about the bytes asked for', async () => {
    const [size] = await cluster.query<{ bytes: number }>(
      `SELECT sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    )
    expect(size?.bytes).toBeGreaterThan(45e6)
    expect(size?.bytes).toBeLessThan(55e6)
  })

  it('makes the rows it says, and reports its way there', async () => {
    for (const [table, rows] of Object.entries({
      accounts: counts.accounts + 1,
      courses: 40,
      media: 1998,
      answers: counts.answers,
      progress: counts.progress,
      audit_log: counts.auditLog,
      lesson_documents: counts.documents,
    })) {
      const [found] = await cluster.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${table}`)
      expect({ table, rows: found?.rows }).toEqual({ table, rows })
    }
    expect(seen.length).toBeGreaterThan(30)
    for (const [index, { done }] of seen.slice(1).entries())
      expect(done).toBeGreaterThan(seen[index]?.done ?? Number.POSITIVE_INFINITY)
    expect(seen.at(-1)).toMatchObject({ what: 'seeded', done: seen.at(-1)?.total })
  })

  it('gives every table a primary key but one, which has equal rows', async () => {
    const bare = await cluster.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class AS c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')`,
    )
    expect(bare).toEqual([{ name: 'audit_log' }])
    const [equal] = await cluster.query<{ rows: number }>(
      'SELECT count(*)::int AS rows FROM (SELECT FROM audit_log GROUP BY audit_log.* HAVING count(*) > 1) AS doubled',
    )
    expect(equal?.rows).toBe(Math.floor(counts.auditLog / 10))
  })

  it('keeps large values out of line', async () => {
    const [toast] = await cluster.query<{ bytes: number }>(
      `SELECT pg_relation_size(reltoastrelid)::float8 AS bytes FROM pg_class WHERE relname = 'lesson_documents'`,
    )
    expect(toast?.bytes).toBeGreaterThan(5e6)
  })

  it('leaves sequences where new rows go on', async () => {
    const inserts = [
      `INSERT INTO answers (client_id, account_id, exam_id, question, answer)
       VALUES (gen_random_uuid(), 1, 1, 1, '') RETURNING id::int AS number`,
      `INSERT INTO certificates (account_id, course_id) VALUES (1, 1) RETURNING number::int AS number`,
    ]
    const numbers = []
    for (const insert of inserts) numbers.push((await cluster.query<{ number: number }>(insert))[0]?.number)
    expect(numbers).toEqual([counts.answers + 1, 100_000 + 7 * counts.certificates])
    await cluster.query('DELETE FROM answers WHERE id = $1', [numbers[0]])
    await cluster.query('DELETE FROM certificates WHERE number = $1', [numbers[1]])
  })

  it('lets the service role write rows and nothing else', async () => {
    await cluster.query(
      `BEGIN; SET ROLE estate_service; INSERT INTO audit_log VALUES (now(), 'x', 'y');
       UPDATE accounts SET active = true WHERE id = 1; DELETE FROM sessions WHERE id = 0; ROLLBACK`,
      [],
      'techcorp',
      'postgres',
    )
    await expect(
      cluster.query('SET ROLE estate_service; DROP TABLE answers', [], 'techcorp', 'postgres'),
    ).rejects.toThrow('must be owner')
    await expect(
      seedDatabase(cluster.connection, 'tiny', undefined, { serviceRole: 'x; DROP ROLE postgres' }),
    ).rejects.toThrow()
  })

  it('gives the same rows again', async () => {
    await cluster.administer('CREATE DATABASE again OWNER techcorp')
    await seedDatabase({ ...cluster.connection, database: 'again' }, 'small')
    const names = await tables()
    expect(names).toHaveLength(12)
    for (const table of names)
      expect({ table, digest: await digest('again', table) }).toEqual({
        table,
        digest: await digest('techcorp', table),
      })
  })

  it('changes nothing when the tables are there already', async () => {
    const before = await digest('techcorp', 'accounts')
    await expect(seedDatabase(cluster.connection, 'tiny')).rejects.toThrow('already exists')
    expect(await digest('techcorp', 'accounts')).toBe(before)
  })
})

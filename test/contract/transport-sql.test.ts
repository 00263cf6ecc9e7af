import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { sqlState } from '../../src/transport/sql-failures.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { startPostgres, type TestPostgres } from '../helpers/transport-postgres.ts'
import { until } from '../helpers/until.ts'

let postgres: TestPostgres
let transport: Transport
let io: ChangeIo
let db: PostgresConnection
const redactor = createRedactor()

const open = (signal = new AbortController().signal): ChangeIo => transport.ioFor({ key: 'sql', signal })
const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(failure).toBeInstanceOf(Failure)
  return failure as Failure
}

beforeAll(async () => {
  postgres = await startPostgres()
  db = postgres.connection
  const ssh = { connectTimeoutSeconds: 60 }
  transport = await openTransport({ hosts: {}, ssh, redactor })
  io = open()
  await io.execute(db, 'CREATE TABLE visits (id int PRIMARY KEY)')
})
afterAll(async () => {
  await transport?.close()
  await postgres?.remove()
})

test('the password is resolved, used and from then on redacted', () => {
  expect(redactor.redact('it was correct horse')).toBe('it was […]')
})

test('values come as JSON holds them, and nothing is rounded', async () => {
  const [row] = await io.query(
    db,
    `SELECT true AS bool, 7::int4 AS int4, 42::int8 AS int8, 9007199254740993::int8 AS big, 1.50::numeric AS money,
            2.5::numeric AS half, 1e400::numeric AS huge, 0.1::float8 AS float8, 'NaN'::float8 AS nan, NULL AS nothing,
            '{"a":[1,null]}'::jsonb AS json, '{1,9007199254740993,NULL}'::int8[] AS ids, '{{a,b},{"c d",NULL}}'::text[] AS names,
            '2026-12-12 22:00:00+01'::timestamptz AS at, 'infinity'::timestamptz AS forever, '2026-12-12'::date AS day,
            '0/16B3748'::pg_lsn AS position, '\\x00ff'::bytea AS bytes, 'é'::text AS text, interval '90 s' AS lag`,
  )
  expect(row).toEqual({
    bool: true,
    int4: 7,
    int8: 42,
    big: '9007199254740993',
    money: '1.50',
    half: 2.5,
    huge: `1${'0'.repeat(400)}`,
    float8: 0.1,
    nan: 'NaN',
    nothing: null,
    json: { a: [1, null] },
    ids: [1, '9007199254740993', null],
    names: [
      ['a', 'b'],
      ['c d', null],
    ],
    at: '2026-12-12T21:00:00.000Z',
    forever: 'infinity',
    day: '2026-12-12',
    position: '0/16B3748',
    bytes: '\\x00ff',
    text: 'é',
    lag: '00:01:30',
  })
})

describe('reading', () => {
  test('refuses to write, alone and in a session', async () => {
    const insert = 'INSERT INTO visits VALUES (1)'
    for (const call of [() => io.query(db, insert), () => io.querySession(db, query => query(insert))]) {
      const failure = await failureOf(call())
      expect(failure.text.key).toBe('transport.sql.readOnly')
      expect(sqlState(failure)).toBe('25006')
    }
    expect(await io.query(db, 'SELECT count(*) FROM visits')).toEqual([{ count: 0 }])
  })

  test('a session sees one instant, whatever is written meanwhile', async () => {
    const seen = await io.querySession(db, async query => {
      const [before] = await query('SELECT count(*) AS n FROM visits')
      await io.execute(db, 'INSERT INTO visits VALUES ($1)', [1])
      const [after] = await query('SELECT count(*) AS n FROM visits')
      return [before?.n, after?.n]
    })
    expect(seen).toEqual([0, 0])
    expect(await io.query(db, 'SELECT id FROM visits WHERE id = $1', [1])).toEqual([{ id: 1 }])
  })

  test('an error in a session is told as it was thrown, and the next session is sound', async () => {
    const own = new Error('mine')
    await expect(io.querySession(db, () => Promise.reject(own))).rejects.toBe(own)
    expect(await io.querySession(db, query => query('SELECT 1 AS one'))).toEqual([{ one: 1 }])
  })
})

test('the server’s own read only setting holds for changes too: the fence', async () => {
  await io.execute(db, 'ALTER SYSTEM SET default_transaction_read_only = on')
  await io.execute(db, 'SELECT pg_reload_conf()')
  try {
    let key = ''
    for (let attempt = 0; attempt < 5000 && key !== 'transport.sql.readOnly'; attempt++) {
      key = await io.execute(db, 'INSERT INTO visits VALUES (99)').then(
        () =>
          io.execute(db, 'DELETE FROM visits WHERE id = 99').then(
            () => 'written',
            () => 'written',
          ),
        (failure: Failure) => failure.text.key,
      )
      await wait(20)
    }
    expect(key).toBe('transport.sql.readOnly')
  } finally {
    await io.execute(db, 'BEGIN READ WRITE; COMMIT').catch(() => undefined)
    await io.execute(db, 'ALTER SYSTEM RESET default_transaction_read_only')
    await io.execute(db, 'SELECT pg_reload_conf()')
  }
})

test('more readers than sessions wait for their turn', async () => {
  const rows = await Promise.all(
    Array.from({ length: 12 }, (_, n) => io.query(db, 'SELECT $1::int AS n', [n])),
  )
  expect(rows.map(([row]) => row?.n)).toEqual(Array.from({ length: 12 }, (_, n) => n))
})

describe('an abort', () => {
  test.each(['query', 'execute', 'session'] as const)('stops a running %s at the server', async how => {
    const stop = new AbortController()
    const mine = open(stop.signal)
    const sleep = `SELECT pg_sleep(600), '${how}'`
    const call = failureOf(
      how === 'session' ? mine.querySession(db, query => query(sleep)) : mine[how](db, sleep),
    )
    const busy = async () => {
      const text = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query = $1`
      return (await io.query(db, text, [sleep]))[0]?.n
    }
    await until(async () => (await busy()) === 1)
    stop.abort(new Error('deadline'))
    expect((await call).text.key).toBe('transport.aborted')
    await until(async () => (await busy()) === 0)
    expect(await busy()).toBe(0)
  })
})

test('the server looks whether its client still lives, in every session', async () => {
  const show = 'SHOW client_connection_check_interval'
  for (const rows of [await io.query(db, show), await io.execute(db, show)])
    expect(rows).toEqual([{ client_connection_check_interval: '2s' }])
})

describe('what goes wrong is told apart', () => {
  const wrong = (change: Partial<PostgresConnection>) => failureOf(io.query({ ...db, ...change }, 'SELECT 1'))

  test('with what to type', async () => {
    process.env.BASCULE_TEST_PASSWORD = 'wrong password'
    const cases: [string, Partial<PostgresConnection>][] = [
      ['transport.sql.unreachable', { port: 1 }],
      ['transport.sql.password', { password: 'env:BASCULE_TEST_PASSWORD' }],
      ['transport.sql.password', { user: 'nobody' }],
      ['transport.sql.databaseMissing', { database: 'nowhere' }],
      ['transport.sql.notAllowed', { sslmode: 'disable' }],
      ['transport.sql.certificate', { sslmode: 'verify-full' }],
    ]
    for (const [key, change] of cases) {
      const failure = await wrong(change)
      expect([key, failure.text.key, failure.text.values?.detail]).toEqual([key, key, expect.any(String)])
      expect(failure.remedy?.values?.command).toMatch(/^psql 'host=127\.0\.0\.1 port=\d+ dbname=/)
      expect(JSON.stringify([failure.text, failure.remedy])).not.toMatch(/correct horse|wrong password/)
    }
  })

  test('a statement that fails keeps its SQLSTATE', async () => {
    const failure = await failureOf(io.execute(db, 'SELECT 1/0'))
    expect([failure.text.key, sqlState(failure)]).toEqual(['transport.sql.failed', '22012'])
  })
})

describe('who the server is', () => {
  const asked = (change: Partial<PostgresConnection>) => io.query({ ...db, ...change }, 'SELECT current_user')

  test('its pinned certificate is trusted, in either spelling, and no other', async () => {
    const { fingerprint } = postgres
    for (const written of [fingerprint, fingerprint.toLowerCase().replaceAll(':', '')])
      expect(await asked({ fingerprint: written, sslmode: 'verify-full' })).toEqual([
        { current_user: 'bascule' },
      ])
    const other = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '01' : '00')
    const failure = await failureOf(asked({ fingerprint: other }))
    expect(failure.text).toMatchObject({
      key: 'transport.http.certificate',
      values: { expected: other, found: fingerprint },
    })
    const command = String(failure.remedy?.values?.command)
    expect(execFileSync('bash', ['-c', command], { encoding: 'utf8' })).toContain(fingerprint)
  })

  test('a password goes by SCRAM bound to TLS, and by no other method', async () => {
    await io.execute(db, `SET password_encryption = 'md5'; CREATE ROLE md5 LOGIN PASSWORD 'correct horse'`)
    await io.execute(db, `CREATE ROLE clear LOGIN PASSWORD 'correct horse'; CREATE ROLE trusted LOGIN`)
    postgres.admit({ md5: 'md5', clear: 'password', trusted: 'trust' })
    await io.execute(db, 'SELECT pg_reload_conf()')
    const methods = { md5: 'md5', clear: 'password', trusted: 'trust' }
    for (const [user, method] of Object.entries(methods)) {
      // The postmaster reads the file in its own time.
      await expect
        .poll(async () => (await failureOf(asked({ user }))).text)
        .toMatchObject({ key: 'transport.sql.unproven', values: { user, method } })
      const failure = await failureOf(asked({ user }))
      expect(failure.remedy?.values?.command).toContain('channel_binding=require')
    }
  })
})

test('after a restart of the server the next statement has a new session', async () => {
  await io.query(db, 'SELECT 1')
  await postgres.stop()
  expect((await failureOf(io.query(db, 'SELECT 1'))).text.key).toBe('transport.sql.unreachable')
  await postgres.start()
  expect(await io.query(db, 'SELECT 2 AS two')).toEqual([{ two: 2 }])
  expect(await io.execute(db, 'SELECT 3 AS three')).toEqual([{ three: 3 }])
})

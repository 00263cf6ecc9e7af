import { expect, test } from 'vitest'
import type { CallEnd, HostCall } from '../../src/model/host-call.ts'
import { callLog } from '../../src/transport/calls.ts'
import { makeIo } from '../../src/transport/io.ts'
import { observed, statement } from '../../src/transport/observe.ts'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { formsOf, shownIn } from '../helpers/canaries.ts'

const canary = 'canary-in-the-mine'
const db: PostgresConnection = {
  ...{ driver: 'postgres', host: '192.0.2.7', port: 5432, database: 'shop', user: 'bascule' },
  sslmode: 'require',
}

/** A door whose hosts answer with this exit code, and what was told of it. */
function watchedIo(exitCode = 0) {
  const told: { call: HostCall; end?: CallEnd }[] = []
  const redactor = createRedactor()
  const answering = async () => ({ exitCode, stdout: canary, stderr: canary })
  const rows = async () => [{ secret: canary }]
  const io = makeIo({
    ssh: { run: answering },
    runLocal: answering,
    sql: {
      query: rows,
      execute: rows,
      session: (_connection, work) => work(rows),
      close: async () => {},
    },
    resolveSecret: async () => {
      redactor.add(canary)
      return canary
    },
    log: callLog(),
    observed: observed('run-1/db.promote', redactor, [
      call => {
        const one: (typeof told)[number] = { call }
        told.push(one)
        return end => {
          one.end = end
        }
      },
    ]),
    keyHash: 'key',
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  return { io, told }
}

test('each call is told with its place, its user and its end, and belongs to its work', async () => {
  const { io, told } = watchedIo()
  await io.read('db1', ['df', '/var lib'])
  await io.change('db1', ['pg_ctl', 'promote'], { asUser: 'postgres' })
  await io.local(['nsupdate', '-v'])
  await io.writeFile('db1', '/etc/x', 'content', { mode: '0640', owner: 'root:adm' })
  await io.query(db, 'select\n  1 from t\n where a = $1', ['kept apart'])
  await io.querySession(db, query => query('select 2'))
  await io.execute(db, 'checkpoint')
  const shown = told.map(({ call: { does, by, where, user, line } }) => [does, by, where, user, line])
  expect(shown).toEqual([
    ['read', 'ssh', 'db1', 'root', "df '/var lib'"],
    ['change', 'ssh', 'db1', 'postgres', 'pg_ctl promote'],
    ['read', 'local', 'localhost', undefined, 'nsupdate -v'],
    ['change', 'file', 'db1', 'root', "/etc/x 0640 root:adm '7 B'"],
    ['read', 'sql', '192.0.2.7:5432/shop', 'bascule', 'select 1 from t where a = $1'],
    ['read', 'sql', '192.0.2.7:5432/shop', 'bascule', 'select 2'],
    ['change', 'sql', '192.0.2.7:5432/shop', 'bascule', 'checkpoint'],
  ])
  expect(new Set(told.map(({ call }) => call.work))).toEqual(new Set(['run-1/db.promote']))
  expect(told.map(({ end }) => end?.ended)).toEqual([
    ...['exited', 'exited', 'exited', 'exited', 'answered', 'answered', 'answered'],
  ])
  expect(told.every(({ end }) => end !== undefined && end.seconds >= 0)).toBe(true)
})

test('the exit code of a command that fails is told, and the failure thrown as ever', async () => {
  const { io, told } = watchedIo(23)
  await expect(io.change('db1', ['rsync', 'a', 'b'])).rejects.toMatchObject({
    text: { key: 'transport.commandFailed', values: { host: 'db1', program: 'rsync', exitCode: 23 } },
  })
  expect((await io.read('db1', ['test', '-e', '/x'], { allowFailure: true })).exitCode).toBe(23)
  expect(told.map(({ end }) => end)).toMatchObject([{ exitCode: 23 }, { exitCode: 23 }])
})

test('a script is named, and its text stands beside', async () => {
  const { io, told } = watchedIo()
  await io.change('db1', ['sh', '-c', 'set -eu\nrm -- "$1"\n', 'forget.sh', '/etc/old file'])
  await io.read('db1', ['sh', '-c', 'echo $LC_ALL'])
  expect(told.map(({ call }) => [call.line, call.script])).toEqual([
    ["sh forget.sh '/etc/old file'", { name: 'forget.sh', text: 'set -eu\nrm -- "$1"\n' }],
    ["sh -c 'echo $LC_ALL'", undefined],
  ])
})

test('no secret is told: none on standard input, in a file, among values or in an answer, and known ones are masked anywhere', async () => {
  const { io, told } = watchedIo(1)
  const secret = await io.secret('env:SHOP')
  const quiet = { allowFailure: true }
  await io.change('db1', ['psql'], { input: secret, ...quiet })
  await io.change('db1', ['psql', `password=${secret}`], quiet)
  await io.change('db1', ['sh', '-c', `a\n${secret}`, 'x.sh', encodeURIComponent(secret)], quiet)
  await io.writeFile('db1', '/etc/pass', secret, { mode: '0600' }).catch(() => {})
  await io.execute(db, `alter role a password '${secret}'`, [secret])
  await io.http({ method: 'GET', url: `http://127.0.0.1:1/a?token=unknown-${secret}` }).catch(() => {})
  expect(told).toHaveLength(6)
  expect(shownIn(JSON.stringify(told), formsOf([{ name: 'canary', value: canary }]))).toEqual([])
  expect(told[5]?.call.line).toBe('GET http://127.0.0.1:1/a?token=…')
  expect(told[5]?.end?.ended).toBe('failed')
})

test('a statement is shown without the verifier of a password that it sets', () => {
  const text = "create role copy login password 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:c2Vy''dmVy' replication"
  const to = {
    driver: 'postgres',
    host: 'db',
    port: 5432,
    user: 'root',
    database: 'x',
    sslmode: 'disable',
  } as const
  const seen = statement('change', to, text)
  expect(seen.line).toBe("create role copy login password '…' replication")
})

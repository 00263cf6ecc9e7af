import { describe, expect, test } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand, onDns, onHttp, onSql, onWriteFile } from '../doubles/recording-answers.ts'

const db: PostgresConnection = {
  driver: 'postgres',
  host: '10.0.0.1',
  port: 5432,
  database: 'techcorp',
  user: 'bascule',
  sslmode: 'require',
}

test('answers as scripted, first match first, and keeps the conversation', async () => {
  let promoted = false
  const io = recordingIo({
    answers: [
      onCommand('db: pg_ctl promote', () => {
        promoted = true
        return 'promoted'
      }),
      onCommand(/^db: df/, { stdout: '1\r2\n3' }),
      onSql(/pg_is_in_recovery/, () => [{ recovering: !promoted }]),
      onSql('INSERT'),
      onHttp('GET http://auth/health', { status: 503, body: { ready: false } }),
      onDns('auth A', { records: [{ name: 'auth', type: 'A', ttlSeconds: 60, data: '10.0.0.1' }] }),
    ],
    secrets: { 'env:X': 'swordfish' },
  })
  const lines: string[] = []
  await io.read('db', ['df'], { onLine: line => lines.push(line) })
  expect(lines).toEqual(['1', '2', '3'])
  expect(await io.query(db, 'SELECT pg_is_in_recovery()')).toEqual([{ recovering: true }])
  expect(await io.change('db', ['pg_ctl', 'promote'])).toEqual({
    exitCode: 0,
    stdout: 'promoted',
    stderr: '',
  })
  expect(await io.querySession(db, query => query('SELECT pg_is_in_recovery()'))).toEqual([
    { recovering: false },
  ])
  await io.execute(db, 'INSERT INTO t VALUES ($1)', [1])
  const page = await io.http({ method: 'GET', url: 'http://auth/health' })
  expect([page.status, new TextDecoder().decode(page.body)]).toEqual([503, '{"ready":false}'])
  expect((await io.dns({ address: '10.0.0.5', port: 53 }, 'auth', 'A')).code).toBe('NOERROR')
  await io.writeFile('db', '/etc/x', 'content', { mode: '0640' })
  expect(await io.secret('env:X')).toBe('swordfish')
  io.report({ bytesDone: 1 })
  expect(io.progress).toEqual([{ bytesDone: 1 }])
  expect(io.changes().map(call => call.method)).toEqual(['change', 'execute', 'writeFile'])
  expect(io.transcript()).toEqual([
    'read db: df',
    'query 10.0.0.1:5432: SELECT pg_is_in_recovery()',
    'change db: pg_ctl promote',
    'query 10.0.0.1:5432: SELECT pg_is_in_recovery()',
    'execute 10.0.0.1:5432: INSERT INTO t VALUES ($1)',
    'http GET http://auth/health',
    'dns 10.0.0.5:53: auth A',
    'writeFile db: /etc/x 0640',
  ])
})

describe('fails as the real door does', () => {
  test('for a command that failed, unless failure is allowed', async () => {
    const io = recordingIo({ answers: [onCommand('rsync', { exitCode: 23, stderr: 'partial' })] })
    await expect(io.change('files', ['rsync'])).rejects.toMatchObject({
      text: {
        key: 'transport.commandFailed',
        values: { host: 'files', program: 'rsync', exitCode: 23, detail: 'partial' },
      },
    })
    expect((await io.change('files', ['rsync'], { allowFailure: true })).exitCode).toBe(23)
  })

  test('for an error that is scripted, or an abort', async () => {
    const failure = new Failure({ key: 'transport.unreachable' }, { code: 'unreachable' })
    const io = recordingIo({ answers: [onCommand('x', failure), onWriteFile('/etc', failure)] })
    await expect(io.read('x', ['x'])).rejects.toBe(failure)
    await expect(io.writeFile('x', '/etc/x', '', { mode: '0600' })).rejects.toBe(failure)
    const gone = recordingIo({ answers: [onCommand('x')], signal: AbortSignal.abort() })
    await expect(gone.read('x', ['x'])).rejects.toMatchObject({ text: { key: 'transport.aborted' } })
    await expect(gone.sleep(1)).rejects.toMatchObject({ text: { key: 'transport.aborted' } })
  })

  test('and what is not scripted is an error of the test', async () => {
    await expect(recordingIo().read('db', ['rm', '-rf', '/'])).rejects.toThrow(
      'no answer is scripted for read db: rm -rf /',
    )
  })
})

test('its clock moves by sleeping alone', async () => {
  const io = recordingIo({ now: '2026-12-12T22:00:00Z' })
  await io.sleep(90)
  expect(io.now()).toBe('2026-12-12T22:01:30.000Z')
})

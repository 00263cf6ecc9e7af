import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connectionTo } from '../../src/kinds/postgres/commands.ts'
import { passfilePath, primaryCertificatePath, sidesOf } from '../../src/kinds/postgres/sides.ts'
import { spec } from '../../src/kinds/postgres/spec.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { type Demand, demands, newIdentity, startImpostor } from '../doubles/postgres-impostor.ts'
import type { Identity } from '../helpers/self-signed.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { startPostgres, type TestPostgres } from '../helpers/transport-postgres.ts'

const run = promisify(execFile)
const password = 'correct horse'
let postgres: TestPostgres
let directory: string
let identity: Identity
let impostor: Awaited<ReturnType<typeof startImpostor>> | undefined

beforeAll(async () => {
  postgres = await startPostgres()
  directory = temporaryFolder('standby')
  identity = newIdentity(directory, 'impostor')
})
afterEach(() => impostor?.close())
afterAll(() => postgres?.remove())

/** A program of PostgreSQL's, with what a standby is given to reach its primary: its files are in a folder of the test. */
async function connect(
  port: number,
  trust: { fingerprint: string; certificate: string } | { sslmode: 'require' },
) {
  const isPinned = 'fingerprint' in trust
  const place = { host: 'database', port, ...(isPinned && { fingerprint: trust.fingerprint }) }
  const parsed = spec.parse({
    method: 'streaming',
    cluster: '15/main',
    source: place,
    target: place,
    admin: { user: 'bascule', password: 'env:A', ...(!isPinned && trust) },
    databases: ['postgres'],
    replication: { user: 'bascule', password: 'env:R' },
  })
  const hosts = { database: { ssh: 'database', address: '127.0.0.1' } }
  const plan = { name: 'tls', sites: { source: { hosts }, target: { hosts } } } as unknown as Plan
  const { source, target } = sidesOf({ component: { id: 'db' } as Component, spec: parsed, facts: {}, plan })
  const passfile = join(directory, 'pgpass')
  writeFileSync(passfile, `127.0.0.1:${port}:*:bascule:${password}\n`, { mode: 0o600 })
  const conninfo = connectionTo(source, target, 'postgres')
    .replace(passfilePath(target), passfile)
    .replace(primaryCertificatePath(target), isPinned ? trust.certificate : '')
  const { stdout } = await run('psql', [conninfo, '-XAtwc', 'select current_user'], { timeout: 300_000 })
  return stdout.trim()
}
const saidBy = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => expect.unreachable(),
    ({ stderr }) => stderr,
  )

const genuine = () => ({ fingerprint: postgres.fingerprint, certificate: postgres.certificate })

test('a standby reaches the primary whose certificate is pinned, and no other', async () => {
  const { port } = postgres.connection
  expect(await connect(port, genuine())).toBe('bascule')
  expect(await connect(port, { sslmode: 'require' })).toBe('bascule')
  const other = { fingerprint: postgres.fingerprint, certificate: identity.certificate }
  expect(await saidBy(connect(port, other))).toMatch(/certificate verify failed/)
})

describe.each(Object.keys(demands) as Demand[])('an impostor that asks for: %s', demand => {
  test('hears nothing from a standby with a pinned certificate', async () => {
    impostor = await startImpostor(identity, demand)
    expect(await saidBy(connect(impostor.port, genuine()))).toMatch(/certificate verify failed/)
    expect([impostor.visitors(), impostor.heard()]).toEqual([1, ''])
  })

  test('gets no password where any certificate is accepted', async () => {
    impostor = await startImpostor(identity, demand)
    expect(await saidBy(connect(impostor.port, { sslmode: 'require' }))).toMatch(
      /channel binding|SASL|SCRAM/i,
    )
    expect(impostor.heard()).toContain('bascule')
    expect(impostor.heard()).not.toContain(password)
    expect(impostor.heard()).not.toMatch(/md5[0-9a-f]{32}/)
  })
})

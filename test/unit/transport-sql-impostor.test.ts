import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Failure } from '../../src/model/failure.ts'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { openSql, type Sql } from '../../src/transport/sql.ts'
import { type Demand, demands, newIdentity, startImpostor } from '../doubles/postgres-impostor.ts'
import type { Identity } from '../helpers/self-signed.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const password = 'correct horse'
const md5OfRole = /md5[0-9a-f]{32}/
let genuine: string
let own: string
let identity: Identity
let sql: Sql
let impostor: Awaited<ReturnType<typeof startImpostor>>

const fingerprintOf = (file: string): string => new X509Certificate(readFileSync(file)).fingerprint256

beforeAll(() => {
  const directory = temporaryFolder('impostor')
  identity = newIdentity(directory, 'impostor')
  own = fingerprintOf(identity.certificate)
  genuine = fingerprintOf(newIdentity(directory, 'genuine').certificate)
})
afterEach(async () => {
  await sql.close()
  impostor.close()
})

async function refusal(demand: Demand, tls: Pick<PostgresConnection, 'sslmode' | 'fingerprint'>) {
  impostor = await startImpostor(identity, demand)
  sql = openSql(async () => password, 300)
  const connection: PostgresConnection = {
    driver: 'postgres',
    ...{ host: '127.0.0.1', port: impostor.port, database: 'estate', user: 'bascule', password: 'env:X' },
    ...tls,
  }
  const failure = await sql.query(connection, 'select 1', undefined, new AbortController().signal).then(
    () => expect.unreachable(),
    (thrown: Failure) => thrown,
  )
  return { failure, heard: impostor.heard() }
}

describe.each(Object.keys(demands) as Demand[])('a server that asks for: %s', demand => {
  test('hears nothing with another certificate than the pinned one', async () => {
    const { failure, heard } = await refusal(demand, { sslmode: 'require', fingerprint: genuine })
    expect(failure.text).toMatchObject({
      key: 'transport.http.certificate',
      values: { at: `127.0.0.1:${impostor.port}`, expected: genuine, found: own },
    })
    expect(failure.remedy?.values?.command).toMatch(/openssl s_client -starttls postgres -connect 127/)
    expect([impostor.visitors(), heard]).toEqual([1, ''])
  })

  test('hears nothing with a certificate that no authority signed', async () => {
    const { failure, heard } = await refusal(demand, { sslmode: 'verify-full' })
    expect([failure.text.key, heard]).toEqual(['transport.sql.certificate', ''])
  })

  test.each(['unverified', 'pinned'])(
    'gets no password, nor what it could be guessed from alone, %s',
    async how => {
      const { failure, heard } = await refusal(demand, {
        sslmode: 'require',
        ...(how === 'pinned' && { fingerprint: own }),
      })
      expect(failure.text.key).toBe('transport.sql.unproven')
      expect(heard).toContain('bascule')
      expect(heard).not.toContain(password)
      expect(heard).not.toMatch(md5OfRole)
      expect(heard).not.toContain('select')
    },
  )
})

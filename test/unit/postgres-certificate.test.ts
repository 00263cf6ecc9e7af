import { describe, expect, it } from 'vitest'
import { auditSides } from '../../src/kinds/postgres/audit.ts'
import { keepCertificate } from '../../src/kinds/postgres/certificate.ts'
import { type Side, sidesOf } from '../../src/kinds/postgres/sides.ts'
import { spec } from '../../src/kinds/postgres/spec.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { certificate, fingerprint } from '../doubles/postgres-certificate.ts'
import { PostgresClusters } from '../doubles/postgres-clusters.ts'

const other = fingerprint.replace(/^../, 'FF')
const host = (ssh: string, address: string) => ({ ssh, address })
const plan = {
  name: 'techcorp',
  sites: {
    source: { hosts: { database: host('m-db', '10.0.1.1') } },
    target: { hosts: { database: host('t-db', '10.0.2.1') } },
  },
} as unknown as Plan

function sidesWith(pins: { source?: string; target?: string }) {
  const place = (pin?: string) => ({ host: 'database', ...(pin !== undefined && { fingerprint: pin }) })
  const parsed = spec.parse({
    method: 'streaming',
    cluster: '15/main',
    source: place(pins.source),
    target: place(pins.target),
    admin: { user: 'bascule', password: 'env:ADMIN' },
    databases: ['techcorp'],
    replication: { password: 'env:REPLICATION' },
  })
  return sidesOf({ component: { id: 'database' } as Component, spec: parsed, facts: {}, plan })
}
const failureOf = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable(),
    (thrown: Failure) => thrown,
  )

describe('the audit', () => {
  /** A server whose certificate Bascule does not trust at the address of this side. */
  const audited = (
    pins: { source?: string; target?: string },
    at: (of: ReturnType<typeof sidesWith>) => Side,
  ) => {
    const sides = sidesWith(pins)
    const { io } = new PostgresClusters()
    const distrusted = at(sides)
    const query: typeof io.query = async (connection, ...rest) => {
      if (connection.host === distrusted.address)
        throw new Failure(
          { key: 'transport.http.certificate', values: {} },
          { remedy: { key: 'transport.remedy.fingerprint' }, code: 'certificate' },
        )
      return io.query(connection, ...rest)
    }
    return failureOf(auditSides(sides, { ...io, query }))
  }

  it.each(['source', 'target'] as const)(
    'offers the line for the %s with what it read over ssh',
    async side => {
      for (const pins of [{}, { [side]: other }]) {
        const failure = await audited(pins, sides => sides[side])
        expect(failure.text.key).toBe('transport.http.certificate')
        expect(failure.remedy).toEqual({
          key: 'postgres.untrusted.remedy',
          values: {
            host: side === 'source' ? 'm-db' : 't-db',
            line: `\`${side}: {fingerprint: "${fingerprint}"}\``,
          },
        })
      }
    },
  )

  it('offers nothing when the plan pins that very certificate: somebody else answers there', async () => {
    const failure = await audited({ source: fingerprint }, ({ source }) => source)
    expect(failure.remedy?.key).toBe('transport.remedy.fingerprint')
  })

  it('notes both certificates', async () => {
    const facts = await auditSides(sidesWith({}), new PostgresClusters().io)
    const found = { fingerprint, isSelfSigned: true, file: '/etc/postgresql/15/main/server.crt' }
    expect(facts).toMatchObject({ sourceCertificate: found, targetCertificate: found })
  })
})

describe('the certificate that a standby trusts', () => {
  const path = '/etc/postgresql/15/main/bascule-primary.crt'

  it('is the pinned one, without those of its authorities that follow it', async () => {
    const clusters = new PostgresClusters()
    clusters.source.files.set(clusters.source.certificatePath, `${certificate}${certificate}`)
    const { source, target } = sidesWith({ source: fingerprint.toLowerCase() })
    await keepCertificate(target, source, clusters.io)
    expect(clusters.target.files.get(path)).toBe(certificate)
  })

  it.each([
    ['another one', other],
    ['none', fingerprint],
  ])('is not written when the host has %s', async (what, pin) => {
    const clusters = new PostgresClusters()
    if (what === 'none') clusters.source.files.delete(clusters.source.certificatePath)
    const { source, target } = sidesWith({ source: pin })
    const failure = await failureOf(keepCertificate(target, source, clusters.io))
    expect(failure.text).toMatchObject({
      key: 'postgres.otherCertificate',
      values: { host: 'm-db', expected: pin },
    })
    expect(clusters.target.files.has(path)).toBe(false)
  })
})

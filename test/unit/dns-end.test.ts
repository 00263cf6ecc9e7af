import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { DnsPrimary } from '../doubles/dns-primary.ts'
import { contextOf, server } from '../helpers/dns-world.ts'

let world: DnsPrimary
beforeEach(() => {
  world = new DnsPrimary()
})
const actionOf = ({ step }: StepContext) => {
  const action = kind.actions[step.action]
  if (!action) throw new Error(`no action ${step.action}`)
  return action
}
const apply = async (context: StepContext) => (await actionOf(context).apply(context, world.io)) as JsonObject
const undo = async (context: StepContext) => actionOf(context).undo?.(context, world.io)
const ttls = () => world.records.map(({ ttlSeconds }) => ttlSeconds)
const originals = { 'auth.techcorp.test A': 3600, 'www.techcorp.test CNAME': 3600 }
const lowTtls = { 'auth.techcorp.test A': 60, 'www.techcorp.test CNAME': 60 }

describe('restoring the TTL', () => {
  it('gives each record the one it had', async () => {
    const lowered = {
      originals: { ...originals, 'auth.techcorp.test A': 900 },
      loweredAt: '',
      oldTtlSeconds: 3600,
    }
    await apply(contextOf('live', 'switch'))
    const restore = contextOf('close', 'restore-ttl', {
      audited: lowTtls,
      results: { 'names.lower-ttl': lowered },
    })
    await apply(restore)
    expect(ttls()).toEqual([900, 3600])
    await undo(restore)
    expect(ttls()).toEqual([60, 60])
  })
})

describe('the wait for resolvers', () => {
  const changes = { resolvers: [{ address: '10.80.4.53', port: 53 }] }
  it('ends when they give the new data, or names the one that does not', async () => {
    await apply(contextOf('live', 'switch', { changes }))
    expect(await apply(contextOf('live', 'wait-resolvers', { changes }))).toEqual({
      waitedSeconds: 0,
      stubborn: [],
    })
    await undo(contextOf('live', 'switch', { changes }))
    await expect(apply(contextOf('live', 'wait-resolvers', { changes }))).rejects.toMatchObject({
      text: { key: 'dns.resolvers.late', values: { servers: expect.stringContaining('10.80.4.53:53 auth') } },
    })
    expect(world.seconds).toBeGreaterThanOrEqual(90)
  })

  it('does not wait for one that keeps old data for a day, once the old TTL is over, and names it', async () => {
    const stubborn = { address: '10.80.4.52', port: 53 }
    const all = { resolvers: [{ address: '10.80.4.53', port: 53 }, stubborn] }
    const before = structuredClone(world.records)
    await apply(contextOf('live', 'switch', { changes: all }))
    const { dns } = world.io
    world.io.dns = async (asked, name, type) => {
      if (asked.address !== stubborn.address) return dns(asked, name, type)
      const records = before.filter(record => record.name === name && record.type === type)
      return {
        code: 'NOERROR',
        authoritative: false,
        records: records.map(record => ({ ...record, ttlSeconds: 86_000 })),
      }
    }
    const lowered = { originals, loweredAt: '2026-12-12T00:00:00.000Z', oldTtlSeconds: 3600 }
    const wait = contextOf('live', 'wait-resolvers', {
      changes: all,
      results: { 'names.lower-ttl': lowered },
    })
    world.seconds = 3600
    expect(await apply(wait)).toEqual({ waitedSeconds: 0, stubborn: ['10.80.4.52:53'] })
    // Before that it may only be what the old TTL lets anybody do.
    world.seconds = 3000
    await expect(apply(wait)).rejects.toMatchObject({ text: { key: 'dns.resolvers.late' } })
  })
})

describe('servers that do not take part', () => {
  const late = { address: '10.80.4.55', port: 53 }
  const changes = { servers: [server, late], propagationSeconds: 20 }
  /** The other server is as `how` makes it; both have serials. */
  const withSerials = (how: () => number | 'silent') => {
    const { dns } = world.io
    const soa = (serial: number) => `ns.techcorp.test hostmaster.techcorp.test ${serial} 1 1 1 1`
    world.io.dns = async (asked, name, type) => {
      const serial = asked.address === late.address ? how() : world.scripts.length
      if (serial === 'silent') throw new Error('nobody there')
      if (type !== 'SOA') return dns(asked, name, type)
      const records = [{ name, type, ttlSeconds: 60, data: soa(serial) }]
      return { code: 'NOERROR', authoritative: true, records }
    }
  }

  it.each([
    ['is silent', () => 'silent' as const, '10.80.4.55:53: (nobody there)'],
    ['lags', () => 4_294_967_295, '10.80.4.55:53: SOA 4294967295 ≠ 0 (10.80.4.54:53)'],
    ['is ahead', () => 5, '10.80.4.55:53: SOA 5 ≠ 0 (10.80.4.54:53)'],
  ])('one that %s stops a change before it is sent', async (_what, how, said) => {
    withSerials(how)
    await expect(apply(contextOf('live', 'switch', { changes }))).rejects.toMatchObject({
      text: { key: 'dns.servers.outOfStep', values: { servers: said } },
    })
    expect(world.scripts).toEqual([])
  })

  it.each(['silent', 4_294_967_295] as const)('one that is %s does not stop the way back', async how => {
    await apply(contextOf('live', 'switch', { changes: { servers: [server] } }))
    withSerials(() => how)
    world.seconds = 0
    await undo(contextOf('live', 'switch', { changes }))
    expect(world.records.map(({ data }) => data)).toEqual(['10.80.4.11', 'auth.techcorp.test'])
    expect(world.seconds).toBe(0)
  })
})

describe('records that come and go with the switch', () => {
  const changes = {
    records: [
      { name: 'auth', type: 'A', source: '10.80.4.11', target: [] },
      { name: 'new', type: 'A', source: [], target: '10.80.4.12' },
    ],
  }
  const set = (name: string, ttlSeconds: number, data: string) => ({
    ...{ name: `${name}.techcorp.test`, type: 'A', ttlSeconds, data },
  })

  it('come with the low TTL, get that of the others in the end, and are gone again after an undo', async () => {
    world.records = [set('auth', 3600, '10.80.4.11')]
    const lowered = await apply(contextOf('preparation', 'lower-ttl', { changes }))
    expect(lowered.originals).toEqual({ 'auth.techcorp.test A': 3600 })
    await apply(contextOf('live', 'switch', { changes }))
    expect(world.records).toEqual([set('new', 60, '10.80.4.12')])
    const results = { 'names.lower-ttl': lowered }
    await apply(contextOf('close', 'restore-ttl', { changes, results }))
    expect(world.records).toEqual([set('new', 3600, '10.80.4.12')])
    await undo(contextOf('close', 'restore-ttl', { changes, results }))
    await undo(contextOf('live', 'switch', { changes }))
    expect(world.records).toEqual([set('auth', 60, '10.80.4.11')])
    await undo(contextOf('preparation', 'lower-ttl', { changes, results }))
    expect(world.records).toEqual([set('auth', 3600, '10.80.4.11')])
  })
})

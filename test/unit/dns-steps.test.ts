import { beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { RunMode } from '../../src/model/step.ts'
import { DnsPrimary } from '../doubles/dns-primary.ts'
import { component, contextOf, plan } from '../helpers/dns-world.ts'

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
const isDone = (context: StepContext) => actionOf(context).isDone(context, world.io)
const ttls = () => world.records.map(({ ttlSeconds }) => ttlSeconds)
const originals = { 'auth.techcorp.test A': 3600, 'www.techcorp.test CNAME': 3600 }
const lowTtls = { 'auth.techcorp.test A': 60, 'www.techcorp.test CNAME': 60 }

describe('the plan of the names', () => {
  const steps = (mode: RunMode, changes: JsonObject = {}) =>
    kind.plan(component(changes), {}, { plan, mode, facts: {} })

  it('lowers and waits ahead, switches in the night, tries out in a rehearsal, restores after the watch', () => {
    const names = (...given: Parameters<typeof steps>) =>
      steps(...given).map(({ name, stage }) => [name, stage])
    expect(names('preparation')).toEqual([
      ['lower-ttl', 'provision'],
      ['wait-old-ttl', 'prove'],
    ])
    expect(names('rehearsal')).toEqual([['dry-run', 'switch']])
    expect(names('live')).toEqual([['switch', 'switch']])
    expect(names('close')).toEqual([['restore-ttl', 'close']])
    expect(names('live', { resolvers: [{ address: '10.80.4.53' }] })).toContainEqual([
      'wait-resolvers',
      'switch',
    ])
  })

  it('has an undo exactly where a step says so, and every sentence in both languages', () => {
    for (const mode of ['preparation', 'rehearsal', 'live', 'close'] as const)
      for (const { action, title, undo: way } of steps(mode, { resolvers: [{ address: '10.80.4.53' }] })) {
        expect(kind.actions[action]?.undo !== undefined).toBe(way.possible)
        for (const { key } of [title, way.possible ? way.byHand : way.why])
          for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
      }
  })

  it('expects to wait for as long as the audited TTL, and allows for more', () => {
    const facts = { ttlByRecord: { value: originals, unit: 's', at: '' } }
    const [, wait] = kind.plan(component(), facts, { plan, mode: 'preparation', facts: {} })
    expect(wait).toMatchObject({ expectedSeconds: 3600 })
    expect(wait?.deadlineSeconds).toBeGreaterThan(3600)
  })
})

describe('lowering the TTL', () => {
  it('remembers what it was, and never raises one that is lower already', async () => {
    world.records[1] = {
      name: 'www.techcorp.test',
      type: 'CNAME',
      ttlSeconds: 30,
      data: 'auth.techcorp.test',
    }
    const result = await apply(contextOf('preparation', 'lower-ttl'))
    expect(result).toEqual({
      originals: { 'auth.techcorp.test A': 3600, 'www.techcorp.test CNAME': 30 },
      loweredAt: '2026-12-12T00:00:00.000Z',
      oldTtlSeconds: 3600,
    })
    expect(ttls().sort()).toEqual([30, 60])
    expect(world.scripts).toHaveLength(1)
    expect(world.scripts[0]).not.toContain('www')
  })

  it('knows the TTLs again from the audit when a crash lost its result', async () => {
    await apply(contextOf('preparation', 'lower-ttl', { audited: originals }))
    world.seconds = 100
    const recovered = contextOf('preparation', 'lower-ttl', { audited: originals })
    // The wait begins anew: when exactly the update was carried out is not known.
    expect(await isDone(recovered)).toMatchObject({ originals, loweredAt: '2026-12-12T00:01:40.000Z' })
    await undo(recovered)
    expect(ttls()).toEqual([3600, 3600])
  })

  it('prepared twice, keeps the first TTLs and the first wait', async () => {
    const first = await apply(contextOf('preparation', 'lower-ttl', { audited: originals }))
    world.seconds = 1000
    const again = contextOf('preparation', 'lower-ttl', {
      audited: lowTtls,
      results: { 'names.lower-ttl': first },
    })
    expect(await apply(again)).toEqual(first)
  })

  it('begins a new wait when the TTL was high again in between', async () => {
    const first = await apply(contextOf('preparation', 'lower-ttl', { audited: originals }))
    await undo(
      contextOf('preparation', 'lower-ttl', { audited: originals, results: { 'names.lower-ttl': first } }),
    )
    world.seconds = 1000
    const again = contextOf('preparation', 'lower-ttl', {
      audited: originals,
      results: { 'names.lower-ttl': first },
    })
    expect(await apply(again)).toMatchObject({ originals, loweredAt: '2026-12-12T00:16:40.000Z' })
  })
})

describe('waiting for the old TTL', () => {
  const lowering = { originals, loweredAt: '2026-12-12T00:00:00.000Z', oldTtlSeconds: 3600 }
  const wait = () => contextOf('preparation', 'wait-old-ttl', { results: { 'names.lower-ttl': lowering } })

  const lower = () => {
    for (const record of world.records) record.ttlSeconds = 60
  }

  it('ends when it is over, counts forward, and does not begin again after a crash', async () => {
    lower()
    world.seconds = 600
    expect(await apply(wait())).toEqual({ waitedSeconds: 3000, goneAt: '2026-12-12T01:00:00.000Z' })
    expect(world.seconds).toBe(3600)
    expect(world.progress).toEqual(world.progress.toSorted((left, right) => left - right))
    expect(world.progress.at(-1)).toBe(3000)
    expect(await isDone(wait())).toMatchObject({ goneAt: '2026-12-12T01:00:00.000Z' })
  })

  it('is not done a second too early', async () => {
    lower()
    world.seconds = 3599
    expect(await isDone(wait())).toBe(false)
  })

  it('waits no second when it is over, however long the look at the servers takes', async () => {
    lower()
    world.seconds = 3600
    let milliseconds = 0
    world.io.now = () => new Date(Date.UTC(2026, 11, 12, 1) + milliseconds++).toISOString()
    expect(await apply(wait())).toEqual({ waitedSeconds: 0, goneAt: '2026-12-12T01:00:00.000Z' })
  })

  it('waits the whole audited TTL when the lowering was done by hand', async () => {
    lower()
    world.seconds = 50
    await apply(contextOf('preparation', 'wait-old-ttl', { audited: originals }))
    expect(world.seconds).toBe(3650)
  })

  it('waits anew from the last moment at which a server gave the old TTL', async () => {
    lower()
    const { dns } = world.io
    // It came back with an old zone, and took the new one at 01:50.
    world.io.dns = async (...asked) => {
      const answer = await dns(...asked)
      if (world.seconds < 3500 || world.seconds >= 6600) return answer
      return { ...answer, records: answer.records.map(record => ({ ...record, ttlSeconds: 3600 })) }
    }
    await apply(wait())
    expect(world.seconds).toBeGreaterThanOrEqual(6600 + 3600 - 60)
    expect(world.seconds).toBeLessThanOrEqual(6600 + 3600)
    world.seconds = 4000
    expect(await isDone(wait())).toBe(false)
  })
})

describe('the switch', () => {
  it('is one update of all names, with the secret in no argv', async () => {
    await apply(contextOf('live', 'switch'))
    expect(world.scripts).toHaveLength(1)
    expect(world.scripts[0]?.match(/^send$/gm)).toHaveLength(1)
    expect(world.argvs).toEqual(['nsupdate -v -t 10'])
    expect(world.records.map(({ data }) => data)).toEqual(['10.80.4.12', 'other.example'])
    expect(ttls()).toEqual([60, 60])
  })

  it('believes the zone when the answer is lost', async () => {
    world.losesAnswers = true
    await apply(contextOf('live', 'switch'))
    await apply(contextOf('live', 'switch'))
    expect(world.scripts).toHaveLength(1)
    expect(await isDone(contextOf('live', 'switch'))).toBe(true)
  })

  it('goes back to what it was, and never overwrites what somebody wrote meanwhile', async () => {
    await apply(contextOf('live', 'switch'))
    await undo(contextOf('live', 'switch'))
    expect(world.records.map(({ data }) => data)).toEqual(['10.80.4.11', 'auth.techcorp.test'])
    await apply(contextOf('live', 'switch'))
    world.records[0] = { name: 'auth.techcorp.test', type: 'A', ttlSeconds: 60, data: '10.9.9.9' }
    // The others come back all the same: users wait for them.
    expect(await undo(contextOf('live', 'switch'))).toMatchObject([
      {
        key: 'dns.records.left',
        values: { records: 'auth.techcorp.test A: 10.9.9.9 (TTL 60) ≠ 10.80.4.12' },
      },
    ])
    expect(world.records.map(({ data }) => data)).toEqual(['10.9.9.9', 'auth.techcorp.test'])
  })

  it('waits for a server that is late, then gives up and names it', async () => {
    const late = { address: '10.80.4.55', port: 53 }
    const changes = { servers: [late], propagationSeconds: 20 }
    const { dns } = world.io
    const before = structuredClone(world.records)
    let arrivesAt = 5
    world.io.dns = async (server, name, type) => {
      if (server.address !== late.address || world.seconds >= arrivesAt) return dns(server, name, type)
      const records = before.filter(record => record.name === name && record.type === type)
      return { code: 'NOERROR', authoritative: true, records }
    }
    await apply(contextOf('live', 'switch', { changes }))
    expect(world.seconds).toBeGreaterThanOrEqual(5)
    arrivesAt = 9999
    const failure = await apply(contextOf('live', 'switch', { changes })).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({
      text: { key: 'dns.servers.late', values: { servers: expect.stringContaining('10.80.4.55:53 auth') } },
    })
  })
})

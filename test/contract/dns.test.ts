import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/adapters/dns/index.ts'
import { dnsSpec } from '../../src/adapters/dns/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanContext, StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { PlannedStep, RunMode } from '../../src/model/step.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { keyName, type NameServers, secret, startNameServers, zone } from './dns-servers.ts'

const ttlSeconds = 4
const lowTtlSeconds = 1
let servers: NameServers
let transport: Transport
let io: ChangeIo

const plan = { window: { lengthMinutes: 120 } } as Plan
const records = [
  { name: 'auth', type: 'A', source: '10.80.4.11', target: '10.80.4.12' },
  { name: 'courses', type: 'A', source: ['10.80.4.11'], target: ['10.80.4.12', '10.80.4.13'] },
  { name: 'six', type: 'AAAA', source: '2001:DB8:0::11', target: '2001:db8::12' },
  { name: 'www', type: 'CNAME', source: 'auth', target: 'courses' },
]

function componentWith(changes: JsonObject = {}): Component {
  const spec = dnsSpec.parse({
    zone,
    servers: [servers.primary],
    resolvers: [servers.resolver],
    update: {
      server: servers.primary,
      tsig: { name: keyName, secret: `file:${join(servers.directory, 'tsig')}` },
    },
    lowTtlSeconds,
    propagationSeconds: 10,
    records,
    ...changes,
  })
  return {
    id: 'names',
    kind: 'dns',
    spec,
    title: '',
    criticality: 'critical',
    owner: 'x',
    needs: [],
  } as Component
}

const contextOf = (mode: RunMode, facts: Facts = {}): PlanContext => ({ plan, mode, facts: { names: facts } })

/** A step of the component as the compiler would hand it to its action. */
function stepOf(
  component: Component,
  mode: RunMode,
  name: string,
  facts: Facts,
  results: Record<string, JsonObject> = {},
) {
  const planned = kind
    .plan(component, facts, contextOf(mode, facts))
    .find(one => one.name === name) as PlannedStep
  const step = { ...planned, id: `names.${name}`, component: 'names', kind: 'dns', owner: 'x' }
  const action = kind.actions[planned.action]
  if (!action) throw new Error(`no action ${planned.action}`)
  const context: StepContext = {
    step,
    component,
    plan,
    facts: { names: facts },
    mode,
    fencingNumber: 1,
    results,
  }
  return {
    isDone: () => action.isDone(context, io),
    apply: () => action.apply(context, io),
    undo: async () => action.undo?.(context, io),
  }
}

const seen = async (server: { address: string; port: number }, name: string, type = 'A', recurse = false) => {
  const { records: found } = await io.dns(server, `${name}.${zone}`, type, { recurse })
  const own = found.filter(record => record.type === type)
  return { data: own.map(({ data }) => data).sort(), ttlSeconds: own[0]?.ttlSeconds ?? 0 }
}
/** A secondary takes a second or so to follow, so that only the tests that are about it ask for both. */
const both = () => ({ servers: [servers.primary, servers.secondary] })
const everywhere = (name: string, type = 'A') =>
  Promise.all([servers.primary, servers.secondary].map(server => seen(server, name, type)))
const atPrimary = (name: string, type = 'A') => seen(servers.primary, name, type)
const serial = async () => (await io.dns(servers.primary, zone, 'SOA')).records[0]?.data.split(' ')[2]

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}

describe('names on real DNS servers', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    servers = await startNameServers(ttlSeconds)
    writeFileSync(join(servers.directory, 'tsig'), secret, { mode: 0o600 })
    writeFileSync(
      join(servers.directory, 'wrong'),
      Buffer.from('another secret altogether').toString('base64'),
      { mode: 0o600 },
    )
    writeFileSync(join(servers.directory, 'garbage'), '*not-base64*', { mode: 0o600 })
    transport = await openTransport({
      hosts: {},
      ssh: { connectTimeoutSeconds: 3 },
      redactor: createRedactor(),
    })
    io = transport.ioFor({ key: 'dns-contract', signal: new AbortController().signal })
  }, 60_000)

  afterAll(async () => {
    await transport?.close()
    await servers?.close()
  })

  /** Each test begins with the zone as it was written. */
  beforeEach(async () => {
    const lines = [
      'auth A 10.80.4.11',
      'courses A 10.80.4.11',
      'six AAAA 2001:db8::11',
      `www CNAME auth.${zone}.`,
    ]
    await servers.update(
      ...lines.flatMap(line => {
        const [name, type, data] = line.split(' ')
        return [
          `update delete ${name}.${zone}. ${type}`,
          `update add ${name}.${zone}. ${ttlSeconds} ${type} ${data}`,
        ]
      }),
    )
    await expect.poll(() => atPrimary('auth')).toEqual({ data: ['10.80.4.11'], ttlSeconds })
  })

  it('audits every server, finds nothing amiss, and changes nothing', async () => {
    const component = componentWith()
    const before = { serial: await serial(), changes: transport.changes() }
    const facts = await kind.audit(component, contextOf('live'), io)
    expect(facts.ttlSeconds).toMatchObject({ value: ttlSeconds, unit: 's' })
    expect(facts.update?.value).toMatchObject({ code: 'NOERROR' })
    expect(facts.serversDisagreeing?.value).toBe(0)
    expect({ serial: await serial(), changes: transport.changes() }).toEqual(before)
    const found = kind.findings(component, facts, contextOf('prepare', facts))
    expect(found.map(({ id, level }) => [id, level])).toEqual([
      ['records-agree', 'ok'],
      ['ttl-high', 'warn'],
    ])
    expect(kind.findings(component, facts, contextOf('live', facts))).toContainEqual(
      expect.objectContaining({ id: 'ttl-high', level: 'block' }),
    )
  })

  it('lowers the TTL, restores it, and lowers it again', async () => {
    const component = componentWith()
    const facts = await kind.audit(component, contextOf('prepare'), io)
    const lower = stepOf(component, 'prepare', 'lower-ttl', facts)
    expect(await lower.isDone()).toBe(false)
    expect(await lower.apply()).toMatchObject({
      originals: { [`auth.${zone} A`]: ttlSeconds, [`www.${zone} CNAME`]: ttlSeconds },
      oldTtlSeconds: ttlSeconds,
    })
    expect(await atPrimary('auth')).toEqual({ data: ['10.80.4.11'], ttlSeconds: lowTtlSeconds })
    // The answer was lost in a crash: the world and the plan are enough to give it again.
    expect(await lower.isDone()).toMatchObject({ oldTtlSeconds: ttlSeconds })
    await lower.undo()
    await lower.undo()
    expect(await atPrimary('courses')).toEqual({ data: ['10.80.4.11'], ttlSeconds })
    await lower.apply()
    expect((await seen(servers.primary, 'www', 'CNAME')).ttlSeconds).toBe(lowTtlSeconds)
  })

  it('waits until the old TTL is over, counted from the lowering and not from the resume', async () => {
    const component = componentWith()
    const facts = await kind.audit(component, contextOf('prepare'), io)
    const result = (await stepOf(component, 'prepare', 'lower-ttl', facts).apply()) as JsonObject
    const wait = stepOf(component, 'prepare', 'wait-old-ttl', facts, { 'names.lower-ttl': result })
    expect(await wait.isDone()).toBe(false)
    await wait.apply()
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(String(result.loweredAt)) + ttlSeconds * 1000)
    expect(await wait.isDone()).toBe(true)
    const again = stepOf(component, 'prepare', 'wait-old-ttl', facts, { 'names.lower-ttl': result })
    expect(await again.apply()).toEqual({ waitedSeconds: 0 })
  })

  it('switches all names at once, back, and again; resolvers follow', async () => {
    const component = componentWith(both())
    await expect
      .poll(() => seen(servers.secondary, 'auth'), { timeout: 20_000 })
      .toEqual({ data: ['10.80.4.11'], ttlSeconds })
    const audited = await kind.audit(component, contextOf('prepare'), io)
    await stepOf(component, 'prepare', 'lower-ttl', audited).apply()
    const facts = await kind.audit(component, contextOf('live'), io)
    const move = stepOf(component, 'live', 'switch', facts)
    const resolvers = stepOf(component, 'live', 'wait-resolvers', facts)
    expect(await move.isDone()).toBe(false)
    const before = Number(await serial())
    await move.apply()
    expect(Number(await serial())).toBe(before + 1)
    expect(await everywhere('courses')).toEqual(
      Array(2).fill({ data: ['10.80.4.12', '10.80.4.13'], ttlSeconds: lowTtlSeconds }),
    )
    expect((await seen(servers.secondary, 'six', 'AAAA')).data).toEqual(['2001:db8::12'])
    expect((await seen(servers.secondary, 'www', 'CNAME')).data).toEqual([`courses.${zone}`])
    await resolvers.apply()
    expect((await seen(servers.resolver, 'auth', 'A', true)).data).toEqual(['10.80.4.12'])
    expect(await resolvers.isDone()).toBe(true)

    await move.undo()
    expect(await everywhere('auth')).toEqual(
      Array(2).fill({ data: ['10.80.4.11'], ttlSeconds: lowTtlSeconds }),
    )
    await move.undo()
    await move.apply()
    expect(await move.isDone()).toBe(true)
  })

  it('is done after a crash between the update and its acknowledgement, and sends nothing again', async () => {
    const component = componentWith()
    const move = stepOf(component, 'live', 'switch', {})
    await move.apply()
    const before = await serial()
    const afterCrash = stepOf(component, 'live', 'switch', {})
    expect(await afterCrash.isDone()).toBe(true)
    await afterCrash.apply()
    expect(await serial()).toBe(before)
  })

  it('restores the TTL on the new data, and puts the low one back', async () => {
    const component = componentWith()
    const facts = await kind.audit(component, contextOf('prepare'), io)
    const lowered = (await stepOf(component, 'prepare', 'lower-ttl', facts).apply()) as JsonObject
    const low = await kind.audit(component, contextOf('live'), io)
    await stepOf(component, 'live', 'switch', low).apply()
    const restore = stepOf(component, 'live', 'restore-ttl', low, { 'names.lower-ttl': lowered })
    expect(await restore.isDone()).toBe(false)
    await restore.apply()
    expect(await atPrimary('auth')).toEqual({ data: ['10.80.4.12'], ttlSeconds })
    expect(await restore.isDone()).toBe(true)
    await restore.undo()
    expect(await atPrimary('auth')).toEqual({ data: ['10.80.4.12'], ttlSeconds: lowTtlSeconds })
    await restore.apply()
    expect(await restore.isDone()).toBe(true)
  })

  it('tries the update out in a rehearsal without changing the zone', async () => {
    const component = componentWith()
    const before = await serial()
    const dryRun = stepOf(component, 'rehearsal', 'dry-run', {})
    expect(await dryRun.apply()).toMatchObject({
      records: 4,
      serialBefore: Number(before),
      serialAfter: Number(before),
    })
    await dryRun.apply()
    expect(await seen(servers.primary, 'auth')).toEqual({ data: ['10.80.4.11'], ttlSeconds })
  })

  it('refuses to switch a record that somebody changed, and names it; all others stay too', async () => {
    const component = componentWith()
    await servers.update(`update delete auth.${zone}. A`, `update add auth.${zone}. 60 A 10.9.9.9`)
    const before = await serial()
    for (const step of ['switch', 'dry-run'])
      expect(
        await failureOf(stepOf(component, step === 'switch' ? 'live' : 'rehearsal', step, {}).apply()),
      ).toMatchObject({
        text: {
          key: 'dns.records.changed',
          values: { records: expect.stringContaining(`auth.${zone} A: 10.9.9.9`) },
        },
      })
    expect(await serial()).toBe(before)
    const { recordsChanged } = kind.measures
    const measured = await recordsChanged?.measure(
      component,
      { plan, facts: {}, mode: 'live', results: {} },
      io,
    )
    expect(measured).toMatchObject({ value: 1 })
    const facts = await kind.audit(component, contextOf('live'), io)
    expect(kind.findings(component, facts, contextOf('live', facts))).toContainEqual(
      expect.objectContaining({ id: 'record-differs', level: 'block' }),
    )
  })

  it('lets the prerequisite catch a change between the look and the update', async () => {
    const component = componentWith()
    const before = await serial()
    // Another hand writes right after this program has looked, and before it sends.
    let raced = false
    const racing: ChangeIo = {
      ...io,
      async changeLocal(argv, options) {
        if (!raced)
          await servers.update(`update delete auth.${zone}. A`, `update add auth.${zone}. 60 A 10.9.9.9`)
        raced = true
        return io.changeLocal(argv, options)
      },
    }
    const [planned] = kind.plan(component, {}, contextOf('live'))
    const step = {
      ...planned,
      id: 'names.switch',
      component: 'names',
      kind: 'dns',
      owner: 'x',
    } as StepContext['step']
    const context: StepContext = {
      step,
      component,
      plan,
      facts: {},
      mode: 'live',
      fencingNumber: 1,
      results: {},
    }
    const failure = await failureOf(kind.actions.switchNames?.apply(context, racing) as Promise<unknown>)
    expect(failure.text).toMatchObject({ key: 'dns.records.changed' })
    expect(Number(await serial())).toBe(Number(before) + 1)
    expect((await seen(servers.primary, 'courses')).data).toEqual(['10.80.4.11'])
  })

  it.each([
    ['a wrong secret', keyName, 'wrong', 'dns.update.BADSIG'],
    ['an unknown key', 'nobody', 'tsig', 'dns.update.BADKEY'],
    ['a secret that is not base64', keyName, 'garbage', 'dns.update.BADSECRET'],
  ])('says clearly that %s is refused, and changes nothing', async (_what, name, secretFile, key) => {
    const file = `file:${join(servers.directory, secretFile)}`
    const component = componentWith({
      update: { server: servers.primary, tsig: { name, secret: file } },
    })
    const before = await serial()
    const failure = await failureOf(stepOf(component, 'live', 'switch', {}).apply())
    expect(failure.text.key).toBe(key)
    expect(failure.remedy?.key).toBe(`${key}.remedy`)
    expect(JSON.stringify(failure.text)).not.toContain('*not-base64*')
    const facts = await kind.audit(component, contextOf('live'), io)
    const refused = kind
      .findings(component, facts, contextOf('live', facts))
      .find(({ id }) => id === 'update-refused')
    expect(refused).toMatchObject({ level: 'block', text: { key } })
    expect(await serial()).toBe(before)
  })

  it('says which server is down, and waits for it no longer than planned', async () => {
    const component = componentWith({ ...both(), propagationSeconds: 1 })
    await servers.stopSecondary()
    try {
      const facts = await kind.audit(component, contextOf('live'), io)
      expect(kind.findings(component, facts, contextOf('live', facts))).toContainEqual(
        expect.objectContaining({ id: 'server-silent', level: 'block' }),
      )
      const { serversDisagreeing } = kind.measures
      const context = { plan, facts: {}, mode: 'live', results: {} } as const
      expect(await serversDisagreeing?.measure(component, context, io)).toMatchObject({ value: 1 })
      const move = stepOf(component, 'live', 'switch', {})
      const failure = await failureOf(move.apply())
      expect(failure.text).toMatchObject({
        key: 'dns.servers.late',
        values: { servers: expect.stringContaining(`127.0.0.1:${servers.secondary.port}`) },
      })
      expect(await move.isDone()).toBe(false)
    } finally {
      await servers.startSecondary()
    }
    // It catches up by itself; the same step then finds its work done.
    const move = stepOf(componentWith(both()), 'live', 'switch', {})
    await move.apply()
    expect(await move.isDone()).toBe(true)
    await move.undo()
  })

  it('fails at once, and changes nothing, when the primary does not answer', async () => {
    const nobody = { address: '127.0.0.1', port: 1 }
    const component = componentWith({
      servers: [nobody],
      resolvers: [],
      update: { server: nobody, tsig: { name: keyName, secret: `file:${join(servers.directory, 'tsig')}` } },
    })
    const failure = await failureOf(stepOf(component, 'live', 'switch', {}).apply())
    expect(failure.text.key).toBe('dns.server.silent')
    const facts = await kind.audit(component, contextOf('live'), io)
    const found = kind.findings(component, facts, contextOf('live', facts)).map(({ id }) => id)
    expect(found).toEqual(['server-silent', 'update-refused'])
  })

  it('measures TTLs, and the time until the old one is forgotten', async () => {
    const component = componentWith()
    const context = { plan, facts: {}, mode: 'live' as const, results: {} }
    const { ttlSeconds: ttl, oldTtlSecondsLeft: left } = kind.measures
    expect(await ttl?.measure(component, context, io)).toMatchObject({ value: ttlSeconds })
    expect(await left?.measure(component, context, io)).toMatchObject({ unverified: true })
    const lowering = { originals: {}, loweredAt: io.now(), oldTtlSeconds: 3600 }
    const soon = { ...context, results: { 'names.lower-ttl': lowering } }
    expect((await left?.measure(component, soon, io))?.value).toBeGreaterThan(3500)
    const past = { ...lowering, loweredAt: '2026-01-01T00:00:00Z' }
    const later = { ...context, results: { 'names.lower-ttl': past } }
    expect(await left?.measure(component, later, io)).toMatchObject({ value: 0 })
  })
})

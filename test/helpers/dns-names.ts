import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { PlanContext, StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { keyName, type NameServers, secret, startNameServers, zone } from './dns-servers.ts'
import { until } from './until.ts'

export const ttlSeconds = 4
export const lowTtlSeconds = 1
export const plan = { window: { lengthMinutes: 120 } } as Plan

const records = [
  { name: 'auth', type: 'A', source: '10.80.4.11', target: '10.80.4.12' },
  { name: 'courses', type: 'A', source: ['10.80.4.11'], target: ['10.80.4.12', '10.80.4.13'] },
  { name: 'six', type: 'AAAA', source: '2001:DB8:0::11', target: '2001:db8::12' },
  { name: 'www', type: 'CNAME', source: 'auth', target: 'courses' },
]
const asWritten = [
  'auth A 10.80.4.11',
  'courses A 10.80.4.11',
  'six AAAA 2001:db8::11',
  `www CNAME auth.${zone}.`,
]

type Address = { address: string; port: number }
type Set = { data: string[]; ttlSeconds: number }

/** The kind at work on real servers: its component, and its steps as the executor would run them. */
export type Names = {
  servers: NameServers
  transport: Transport
  io: ChangeIo
  component(changes?: JsonObject): Component
  contextOf(mode: RunMode, facts?: Facts): PlanContext
  step(
    component: Component,
    mode: RunMode,
    name: string,
    facts: Facts,
    results?: Record<string, JsonObject>,
  ): NamesStep
  seen(server: Address, name: string, type?: string, recurse?: boolean): Promise<Set>
  atPrimary(name: string): Promise<Set>
  everywhere(name: string): Promise<Set[]>
  /** A secondary takes a second or so to follow, so that only the tests that are about it ask for both. */
  both(): { servers: Address[] }
  serial(): Promise<string | undefined>
  /** The zone as it was written. */
  reset(): Promise<void>
  close(): Promise<void>
}
export type NamesStep = {
  isDone(): Promise<boolean | JsonObject>
  apply(): Promise<JsonObject | undefined>
  undo(): Promise<void>
}

export async function openNames(): Promise<Names> {
  const servers = await startNameServers(ttlSeconds)
  const file = (name: string) => join(servers.directory, name)
  writeFileSync(file('tsig'), secret, { mode: 0o600 })
  writeFileSync(file('wrong'), Buffer.from('another secret altogether').toString('base64'), { mode: 0o600 })
  writeFileSync(file('garbage'), '*not-base64*', { mode: 0o600 })
  const transport = await openTransport({
    hosts: {},
    ssh: { connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
  const io = transport.ioFor({ key: 'dns-contract', signal: new AbortController().signal })
  const seen: Names['seen'] = async (server, name, type = 'A', recurse = false) => {
    const { records: found } = await io.dns(server, `${name}.${zone}`, type, { recurse })
    const own = found.filter(record => record.type === type)
    return { data: own.map(({ data }) => data).sort(), ttlSeconds: own[0]?.ttlSeconds ?? 0 }
  }
  const both = () => ({ servers: [servers.primary, servers.secondary] })
  return {
    servers,
    transport,
    io,
    seen,
    both,
    component: (changes = {}) => componentOf(servers, changes),
    contextOf,
    step: (...given) => stepOf(io, ...given),
    atPrimary: name => seen(servers.primary, name),
    everywhere: name => Promise.all(both().servers.map(server => seen(server, name))),
    serial: async () => (await io.dns(servers.primary, zone, 'SOA')).records[0]?.data.split(' ')[2],
    async reset() {
      await servers.update(...asWritten.flatMap(rewriting))
      await until(async () => (await seen(servers.primary, 'auth')).ttlSeconds === ttlSeconds)
    },
    async close() {
      await transport.close()
      await servers.close()
    },
  }
}

function rewriting(line: string): string[] {
  const [name, type, data] = line.split(' ')
  return [
    `update delete ${name}.${zone}. ${type}`,
    `update add ${name}.${zone}. ${ttlSeconds} ${type} ${data}`,
  ]
}

function componentOf(servers: NameServers, changes: JsonObject): Component {
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
  }) as unknown as JsonObject
  return { id: 'names', kind: 'dns', spec, title: '', criticality: 'critical', owner: 'network', needs: [] }
}

const contextOf = (mode: RunMode, facts: Facts = {}): PlanContext => ({ plan, mode, facts: { names: facts } })

function stepOf(
  io: ChangeIo,
  component: Component,
  mode: RunMode,
  name: string,
  facts: Facts,
  results: Record<string, JsonObject> = {},
): NamesStep {
  const planned = kind.plan(component, facts, contextOf(mode, facts)).find(one => one.name === name)
  const action = kind.actions[planned?.action ?? '']
  if (!planned || !action) throw new Error(`no step ${name} in mode ${mode}`)
  const step = { ...planned, id: `names.${name}`, component: 'names', kind: 'dns', owner: 'network' }
  const context: StepContext = {
    ...contextOf(mode, facts),
    step,
    component,
    fencingNumber: 1,
    results,
  }
  return {
    isDone: () => action.isDone(context, io),
    apply: () => action.apply(context, io),
    undo: async () => void (await action.undo?.(context, io)),
  }
}

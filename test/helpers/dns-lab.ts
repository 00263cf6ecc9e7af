import { lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { updateKeyName } from '../../lab/names/knot.ts'
import { authoritativeBytes, internalPort, resolverBytes, reverseZone } from '../../lab/names/zones.ts'
import { secretFile } from '../../lab/secrets.ts'
import { addressOf, internetAddress, publicAddress } from '../../lab/topology.ts'
import type { Lab } from '../../lab/types.ts'
import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { FactsByComponent, Finding } from '../../src/model/fact.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { LeftOut } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'

export const zone = 'techcorp.test'
export const initialTtlSeconds = 4
export const lowTtlSeconds = 1
const plan = { window: { lengthMinutes: 120 } } as Plan

/** The zones of the lab as a plan moves them, each a component: those outside, those inside, and the addresses' names. */
export type LabNames = {
  lab: Lab
  io: ChangeIo
  /** Component ids: `outside`, `inside`, `reverse`. */
  ids: readonly string[]
  servers: { primary: Address; secondary: Address; inside: Address; honest: Address; stubborn: Address }
  source: string
  target: string
  /** What the steps and measures are told to do without. */
  leftOut: LeftOut[]
  /** What the components' steps returned, by step id. */
  results: Record<string, JsonObject>
  audit(id: string): Promise<Finding[]>
  step(id: string, mode: RunMode, name: string): LabStep
  measure(id: string, name: string): ReturnType<(typeof kind.measures)[string]['measure']>
  /** Sorted data, as a person would dig for them. */
  dig(server: Address, name: string, type?: string, recurse?: boolean): Promise<string[]>
  close(): Promise<void>
}
export type Address = { address: string; port: number }
export type LabStep = {
  isDone(): Promise<boolean | JsonObject>
  apply(io?: ChangeIo): Promise<JsonObject | undefined>
  undo(io?: ChangeIo): Promise<Text[] | undefined>
}

export async function raiseLabNames(named: string): Promise<LabNames> {
  const name = ownName(named)
  const lab = await raiseLab({
    ...{ name, size: 'tiny', linkMbps: 200, initialTtlSeconds, seed: false },
    parts: ['dns', 'network'],
  })
  const { index } = lab
  const at = (lastByte: number, port = 53) => ({ address: internetAddress(index, lastByte), port })
  const servers = {
    primary: at(authoritativeBytes.primary),
    secondary: at(authoritativeBytes.secondary),
    inside: at(authoritativeBytes.primary, internalPort),
    honest: at(resolverBytes.honest),
    stubborn: at(resolverBytes.stubborn),
  }
  const source = publicAddress(index, 'montpellier')
  const target = publicAddress(index, 'toulouse')
  const transport = await openTransport({
    hosts: {},
    ssh: { connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
  const io = transport.ioFor({ key: 'names', signal: new AbortController().signal })
  const components = componentsOf(lab, servers, source, target)
  const facts: FactsByComponent = {}
  const results: Record<string, JsonObject> = {}
  const leftOut: LeftOut[] = []
  const of = (id: string) => components.find(component => component.id === id) as Component
  const contextOf = (mode: RunMode) => ({ plan, mode, facts, results, leftOut })
  return {
    ...{ lab, io, servers, source, target, results, leftOut },
    ids: components.map(({ id }) => id),
    async audit(id) {
      facts[id] = await kind.audit(of(id), contextOf('preparation'), io)
      return kind.findings(of(id), facts[id], contextOf('preparation'))
    },
    step: (id, mode, step) => stepOf({ ...contextOf(mode), fencingNumber: 1, component: of(id) }, step, io),
    measure(id, measure) {
      const found = kind.measures[measure]
      if (!found) throw new Error(`no measure ${measure}`)
      return found.measure(of(id), contextOf('live'), io)
    },
    async dig(server, wanted, type = 'A', recurse = false) {
      const { records } = await io.dns(server, wanted, type, { recurse })
      return records
        .filter(record => record.type === type)
        .map(({ data }) => data)
        .sort()
    },
    async close() {
      await transport.close()
      await lowerLab(name)
    },
  }
}

function stepOf(context: Omit<StepContext, 'step'>, name: string, io: ChangeIo): LabStep {
  const { component, facts, results } = context
  const own = facts[component.id] ?? {}
  const planned = kind.plan(component, own, context).find(one => one.name === name)
  const action = kind.actions[planned?.action ?? '']
  if (!planned || !action) throw new Error(`no step ${name} in mode ${context.mode}`)
  const id = `${component.id}.${name}`
  const whole = {
    ...context,
    step: { ...planned, id, component: component.id, kind: 'dns', owner: 'network' },
  }
  return {
    isDone: () => action.isDone(whole, io),
    async apply(given = io) {
      const result = await action.apply(whole, given)
      if (result) results[id] = result
      return result
    },
    undo: async (given = io) => (await action.undo?.(whole, given)) ?? undefined,
  }
}

function componentsOf(lab: Lab, servers: LabNames['servers'], source: string, target: string): Component[] {
  const secret = `file:${secretFile(lab.name, 'tsig')}`
  const update = (server: Address) => ({ server, tsig: { name: updateKeyName, secret } })
  const address = (name: string, sides = { source, target }) => ({ name, type: 'A', ...sides })
  const [insideSource, insideTarget] = (['montpellier', 'toulouse'] as const).map(site =>
    addressOf(lab.index, site, 'gateway'),
  )
  const outside = [servers.primary, servers.secondary]
  const common = { lowTtlSeconds, propagationSeconds: 3 }
  const specs = {
    outside: {
      ...{ ...common, zone, view: 'outside', servers: outside, update: update(servers.primary) },
      resolvers: [servers.honest, servers.stubborn],
      records: [
        ...['auth', 'courses', 'files', 'vpn', 'mail'].map(name => address(name)),
        { name: '@', type: 'MX', source: '10 mail', target: ['20 mail', '10 mail.toulouse'] },
        {
          name: '@',
          type: 'TXT',
          source: `v=spf1 ip4:${source} mx -all`,
          target: `v=spf1 ip4:${target} mx -all`,
        },
        { name: 'www', type: 'CNAME', source: 'courses', target: 'courses' },
        { name: 'mail.toulouse', type: 'A', source: [], target },
      ],
    },
    inside: {
      ...{ ...common, zone, view: 'inside', servers: [servers.inside], update: update(servers.inside) },
      records: [
        address('dashboard', { source: insideSource ?? '', target: insideTarget ?? '' }),
        address('courses'),
      ],
    },
    reverse: {
      ...{ ...common, zone: reverseZone(lab.index), servers: outside, update: update(servers.primary) },
      records: [
        { name: '11', type: 'PTR', source: `courses.${zone}.`, target: [] },
        { name: '12', type: 'PTR', source: [], target: `courses.${zone}.` },
      ],
    },
  }
  return Object.entries(specs).map(([id, spec]) => ({
    ...{ id, kind: 'dns', title: '', criticality: 'critical', owner: 'network', needs: [] },
    spec: dnsSpec.parse(spec) as unknown as JsonObject,
  }))
}

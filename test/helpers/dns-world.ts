import { kind } from '../../src/kinds/dns/index.ts'
import { dnsSpec } from '../../src/kinds/dns/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'

export const plan = { window: { lengthMinutes: 120 } } as Plan
export const server = { address: '10.80.4.54', port: 53 }

export const specWith = (changes: JsonObject = {}): JsonObject => ({
  zone: 'techcorp.test',
  servers: [server],
  update: { server, tsig: { name: 'bascule', secret: 'file:/secret' } },
  lowTtlSeconds: 60,
  records: [
    { name: 'auth', type: 'A', source: '10.80.4.11', target: '10.80.4.12' },
    { name: 'www', type: 'CNAME', source: 'auth', target: 'other.example.' },
  ],
  ...changes,
})

export function component(changes: JsonObject = {}): Component {
  const spec = dnsSpec.parse(specWith(changes)) as unknown as JsonObject
  return { id: 'names', kind: 'dns', title: '', criticality: 'critical', owner: 'network', needs: [], spec }
}

export function contextOf(
  mode: RunMode,
  name: string,
  given: { audited?: JsonObject; results?: Record<string, JsonObject>; changes?: JsonObject } = {},
): StepContext {
  const own = component(given.changes)
  const facts = given.audited ? { ttlByRecord: { value: given.audited, unit: 's', at: '' } } : {}
  const planned = kind.plan(own, facts, { plan, mode, facts: {} }).find(step => step.name === name)
  if (!planned) throw new Error(`no step ${name}`)
  const step = { ...planned, id: `names.${name}`, component: 'names', kind: 'dns', owner: 'network' }
  const results = given.results ?? {}
  return { step, component: own, plan, facts: { names: facts }, mode, fencingNumber: 1, results }
}

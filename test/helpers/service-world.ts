import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'

const hosts = (site: string, lan: string) =>
  Object.fromEntries(
    [
      ['gateway', 1],
      ['auth', 30],
    ].map(([role, last]) => [
      role,
      { ssh: `${site}-${role}`, address: `${lan}.${last}`, become: 'runuser' as const },
    ]),
  )

export const plan = {
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: hosts('montpellier', '10.80.1') },
    target: { id: 'toulouse', title: 'Toulouse', hosts: hosts('toulouse', '10.80.2') },
  },
  window: { lengthMinutes: 120 },
  rollback: { serviceStartAttempts: 3 },
  components: {},
} as unknown as Plan

export const specWith = (changes: JsonObject = {}): JsonObject => ({
  source: { host: 'auth', url: 'http://10.80.1.30:8080' },
  target: { host: 'auth', url: 'http://10.80.2.30:8080' },
  manager: { runit: 'auth' },
  publicUrl: 'http://auth.techcorp.test',
  maintenance: { host: 'gateway', file: '/etc/estate/maintenance/auth' },
  health: { path: '/health' },
  ...changes,
})

export function component(changes: JsonObject = {}): Component {
  const spec = serviceSpec.parse(specWith(changes)) as unknown as JsonObject
  return {
    id: 'auth',
    kind: 'service',
    title: 'auth',
    criticality: 'critical',
    owner: 'sysadmin',
    needs: [],
    spec,
  }
}

/** A step as the compiler makes it. */
export function contextOf(mode: RunMode, name: string, changes: JsonObject = {}): StepContext {
  const own = component(changes)
  const planned = kind.plan(own, {}, { plan, mode, facts: {} }).find(step => step.name === name)
  if (!planned) throw new Error(`no step ${name}`)
  const step = { ...planned, id: `auth.${name}`, component: 'auth', kind: 'service', owner: 'sysadmin' }
  return { step, component: own, plan, facts: {}, mode, fencingNumber: 1, results: {} }
}

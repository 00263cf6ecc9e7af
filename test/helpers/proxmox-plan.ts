import { proxmoxVm } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import type { Of } from '../../src/kinds/proxmox-vm/sides.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json } from '../../src/model/json.ts'
import type { Action, StepContext } from '../../src/model/kind.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'
import type { RunMode, Step } from '../../src/model/step.ts'

const api = (site: string, byte: number) => ({
  url: `https://10.80.${byte}.60:8006`,
  token: 'bascule@pve!move',
  secret: `file:/secrets/pve-${site}`,
  fingerprint: Array(32).fill('AB').join(':'),
})

/** The smallest plan with one machine between two hypervisors. */
export const component: Component = {
  id: 'auth-machine',
  kind: kind.kind,
  title: 'Authentication machine',
  criticality: 'critical',
  owner: 'sysadmin',
  needs: [],
  spec: {
    vmid: 101,
    source: { host: 'hypervisor', node: 'montpellier', api: api('montpellier', 1) },
    target: {
      host: 'hypervisor',
      node: 'toulouse',
      api: api('toulouse', 2),
      storage: 'local',
      bridge: 'vmbr0',
      testBridge: 'vmbr9',
    },
  },
}

const host = (site: string, byte: number): Record<string, Host> => ({
  hypervisor: { ssh: `${site}-hypervisor`, address: `10.80.${byte}.60`, become: 'runuser' },
})
export const plan = {
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: host('montpellier', 1) },
    target: { id: 'toulouse', title: 'Toulouse', hosts: host('toulouse', 2) },
  },
  components: { [component.id]: component },
  rollback: { serviceStartAttempts: 3 },
} as unknown as Plan

export const contextOf = (mode: RunMode): StepContext => ({
  step: { id: 'auth-machine.any', params: {} } as unknown as Step,
  component,
  plan,
  facts: {},
  mode,
  fencingNumber: 1,
  results: {},
})

export const machineOf = ({ component, plan }: Pick<StepContext, 'component' | 'plan'>): Of => ({
  component,
  plan,
  spec: proxmoxVm.specOf(component),
})

/** What a way does for a step of the preparation or of the night, by the step's name. */
export const actionsOf = (way: { name: string }): Record<string, Action> =>
  Object.fromEntries(
    Object.entries(kind.actions).flatMap(([name, action]): [string, Action][] =>
      name.startsWith(`${way.name}.`) ? [[name.slice(way.name.length + 1), action]] : [],
    ),
  )

/** As an audit would have found them. */
export const factsOf = (known: object): Facts =>
  Object.fromEntries(
    Object.entries(known).map(([name, value]) => [name, { value: value as Json, unit: '', at: '' }]),
  )

import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import type { StepContext } from '../../src/model/kind.ts'
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

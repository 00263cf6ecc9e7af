import { join } from 'node:path'
import { lowerLab, raiseLab } from '../../lab/lab.ts'
import { kind } from '../../src/adapters/proxmox-vm/index.ts'
import { loadKinds } from '../../src/adapters/registry.ts'
import type { Progress } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { hostsOf, sites, type TwoSites } from './two-sites.ts'

const techcorp = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')

/** A machine of the TechCorp plan between the hypervisors of a lab, moved one way after the other. */
export type MachineSites = TwoSites & {
  transport: Transport
  /** What steps have told while they worked. */
  told: Progress[]
  /** Another way for the steps from here on; results of earlier ones are forgotten. */
  takeWay(way: string): void
  /** Runs a program in the guest by its agent, from the hypervisor's own shell. */
  inGuest(site: 'montpellier' | 'toulouse', script: string): Promise<string>
  /** Applies the steps of a mode in the order that the plan gives them. */
  applyAll(mode: 'prepare' | 'rehearsal' | 'live'): Promise<void>
  /** Undoes those of the steps that have an undo, the last first. */
  undoAll(mode: 'prepare' | 'rehearsal' | 'live'): Promise<void>
}

export async function raiseMachineSites(
  name: string,
  options: { id?: string; linkMbps?: number } = {},
): Promise<MachineSites> {
  const { id = 'auth-machine', linkMbps = 200 } = options
  await lowerLab(name)
  const lab = await raiseLab({ name, size: 'tiny', linkMbps, parts: ['services', 'machines'] })
  const plan = await openPlan([techcorp, lab.overlayFile], await loadKinds())
  const component = plan.components[id] as Component
  const alone: Plan = { ...plan, components: { [id]: component } }
  const transport = await openTransport({
    hosts: Object.fromEntries(hostsOf(lab).map(host => [host.ssh, host])),
    ssh: plan.ssh,
    redactor: createRedactor(),
  })
  const told: Progress[] = []
  const base = sites(kind, lab, alone, transport, component)
  const io: TwoSites['io'] = (signal, onProgress) =>
    base.io(signal, progress => {
      told.push(progress)
      onProgress?.(progress)
    })
  const names = (mode: 'prepare' | 'rehearsal' | 'live'): string[] =>
    inOrder(kind.plan(component, base.facts[id] ?? {}, { plan: alone, mode, facts: base.facts }))
  const self: MachineSites = Object.assign(base, {
    transport,
    told,
    takeWay(way: string) {
      ;(component.spec as JsonObject).way = way
      base.results = {}
    },
    async inGuest(site: 'montpellier' | 'toulouse', script: string) {
      const vmid = String((component.spec as { vmid: number }).vmid)
      const argv = ['qm', 'guest', 'exec', vmid, '--', 'sh', '-c', script]
      const { stdout } = await io().change(`${site}-hypervisor`, argv)
      const answer = JSON.parse(stdout) as { exitcode: number; 'out-data'?: string; 'err-data'?: string }
      if (answer.exitcode !== 0) throw new Error(`${script}: ${answer['err-data'] ?? answer.exitcode}`)
      return answer['out-data'] ?? ''
    },
    async applyAll(mode: 'prepare' | 'rehearsal' | 'live') {
      for (const step of names(mode)) await base.apply(mode, step, io())
    },
    async undoAll(mode: 'prepare' | 'rehearsal' | 'live') {
      for (const step of names(mode).reverse()) await base.undo(mode, step)
    },
  })
  return self
}

/** Stages in their order; within one, each step after those it names. */
function inOrder(steps: ReturnType<typeof kind.plan>): string[] {
  const order = ['prepare', 'seed', 'prove', 'announce', 'quiesce', 'fence', 'drain', 'handover', 'start']
  const rank = (stage: string): number => order.indexOf(stage)
  return [...steps]
    .sort((left, right) => rank(left.stage) - rank(right.stage) || left.after.length - right.after.length)
    .map(({ name }) => name)
}

import { join } from 'node:path'
import { ownName, raiseLab } from '../../lab/lab.ts'
import { guestOf } from '../../src/kinds/proxmox-vm/client/guest.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { statusAt } from '../../src/kinds/proxmox-vm/machine/existing.ts'
import { machineAt } from '../../src/kinds/proxmox-vm/sides.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Progress } from '../../src/model/io.ts'
import type { Component, Plan, SiteSide } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { openPlan } from '../../src/plan/load.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { machineOf } from './proxmox-plan.ts'
import { hostsOf, sites, type TwoSites } from './two-sites.ts'

const techcorp = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')

/** A machine of the TechCorp plan between the hypervisors of a lab, moved one way after the other. */
export type MachineSites = TwoSites & {
  transport: Transport
  /** What steps have told while they worked. */
  told: Progress[]
  /** Another way for the steps from here on; results of earlier ones are forgotten. */
  takeWay(way: string): void
  /** Runs a shell text in the guest, by its agent. */
  inGuest(site: SiteSide, script: string): Promise<string>
  /** Applies the steps of a mode in the order that the plan gives them. */
  applyAll(mode: 'preparation' | 'rehearsal' | 'live'): Promise<void>
  /** Undoes those of the steps that have an undo, the last first. */
  undoAll(mode: 'preparation' | 'rehearsal' | 'live'): Promise<void>
}

export async function raiseMachineSites(
  name: string,
  options: { id?: string; linkMbps?: number } = {},
): Promise<MachineSites> {
  const { id = 'auth-machine', linkMbps = 200 } = options
  const lab = await raiseLab({
    name: ownName(name),
    size: 'tiny',
    linkMbps,
    parts: ['services', 'machines'],
    guests: [id.replace(/-machine$/, '')],
  })
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
  const names = (mode: 'preparation' | 'rehearsal' | 'live'): string[] =>
    inOrder(kind.plan(component, base.facts[id] ?? {}, { plan: alone, mode, facts: base.facts }))
  const { apply, undo } = base
  const self: MachineSites = Object.assign(base, {
    apply: (mode: RunMode, step: string, with_ = io()) => apply(mode, step, with_),
    undo: (mode: RunMode, step: string, with_ = io()) => undo(mode, step, with_),
    transport,
    told,
    takeWay(way: string) {
      component.spec = { ...component.spec, way }
      base.results = {}
    },
    async inGuest(site: SiteSide, script: string) {
      const side = machineAt(machineOf({ component, plan: alone }), site)
      const options = { timeoutSeconds: 30 }
      const { exitCode, stdout, stderr } = await guestOf(side, io()).run(['sh', '-euc', script], options)
      if (exitCode !== 0) throw new Error(`${script}: ${stderr || exitCode}`)
      return stdout
    },
    async applyAll(mode: 'preparation' | 'rehearsal' | 'live') {
      for (const step of names(mode)) await self.apply(mode, step)
    },
    async undoAll(mode: 'preparation' | 'rehearsal' | 'live') {
      for (const step of names(mode).reverse()) await self.undo(mode, step)
    },
  })
  return self
}

/** Stages in their order; within one, each step after those it names. */
function inOrder(steps: ReturnType<typeof kind.plan>): string[] {
  const order = ['preparation', 'seed', 'prove', 'announce', 'quiesce', 'fence', 'drain', 'handover', 'start']
  const rank = (stage: string): number => order.indexOf(stage)
  return [...steps]
    .sort((left, right) => rank(left.stage) - rank(right.stage) || left.after.length - right.after.length)
    .map(({ name }) => name)
}

/** Where it runs now. */
export async function runsAt(sites: MachineSites): Promise<Record<SiteSide, boolean>> {
  const running = async (site: SiteSide): Promise<boolean> =>
    (await statusAt(sites.io(), machineAt(machineOf(sites), site)))?.status === 'running'
  const [source, target] = await Promise.all([running('source'), running('target')])
  return { source, target }
}

/** Whether the guest would read the same from its disks at both sites, by QEMU's own comparison and none of the program's. */
export async function contentsEqual(sites: MachineSites): Promise<boolean> {
  const hash = async (site: 'montpellier' | 'toulouse'): Promise<string> => {
    const script = `cd /var/lib/vz/images/101; t=$(mktemp -p .)
      qemu-img convert -f qcow2 -O raw vm-101-disk-0.qcow2 "$t"; sha256sum < "$t"; rm "$t"`
    return sites.at(`${site}-hypervisor`, script)
  }
  const [here, there] = await Promise.all([hash('montpellier'), hash('toulouse')])
  return here === there
}

import { type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import type { LabOptions } from '../../lab/types.ts'
import type { FactsByComponent } from '../../src/model/fact.ts'
import type { ChangeIo, Progress } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Kind, StepContext } from '../../src/model/kind.ts'
import type { Component, Host, Plan } from '../../src/model/plan.ts'
import type { RunMode, Step, TouchedSide } from '../../src/model/step.ts'
import { sitesOf } from '../../src/run/sides.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'

/** A kind at work between two real sites, one component, without plan file, runbook or journal. */
export type TwoSites = {
  lab: Lab
  plan: Plan
  component: Component
  facts: FactsByComponent
  results: Record<string, JsonObject>
  transport: Transport
  io(signal?: AbortSignal, onProgress?: (progress: Progress) => void): ChangeIo
  /** Runs a shell text at a host of the lab, as a person of the estate would. Gives back what it printed. */
  at(host: string, script: string, input?: string): Promise<string>
  audit(): Promise<void>
  step(mode: RunMode, name: string): StepContext
  /** Applies a step and keeps its result, as a run does. */
  apply(mode: RunMode, name: string, io?: ChangeIo): Promise<JsonObject>
  undo(mode: RunMode, name: string, io?: ChangeIo): Promise<void>
  measure(name: string, mode?: RunMode): ReturnType<Kind['measures'][string]['measure']>
  close(): Promise<void>
}

type Described = Omit<Component, 'kind' | 'title' | 'criticality' | 'owner' | 'needs'>

/** `component`: a function of the lab where it names what only a raised lab has. */
export async function raiseTwoSites(
  kind: Kind,
  component: Described | ((lab: Lab) => Described),
  options: Pick<LabOptions, 'name'> & Partial<LabOptions>,
): Promise<TwoSites> {
  const lab = await raiseLab({
    ...{ size: 'tiny', linkMbps: 200, parts: ['files'] },
    ...options,
    name: ownName(options.name),
  })
  const described = typeof component === 'function' ? component(lab) : component
  const plan = planOf(lab, {
    ...described,
    kind: kind.kind,
    title: described.id,
    criticality: 'high',
    owner: 'dba',
    needs: [],
  })
  const transport = await openTransport({
    hosts: Object.fromEntries(hostsOf(lab).map(host => [host.ssh, host])),
    ssh: plan.ssh,
    redactor: createRedactor(),
  })
  return sites(kind, lab, plan, transport)
}

/** One component of a plan at work between the two sites of a lab. */
export function sites(
  kind: Kind,
  lab: Lab,
  plan: Plan,
  transport: Transport,
  component = Object.values(plan.components)[0] as Component,
): TwoSites {
  const io: TwoSites['io'] = (signal = new AbortController().signal, onProgress = () => {}) =>
    transport.ioFor({ key: 'contract', signal, onProgress })
  /** As the executor does before each apply and undo. */
  const claim = async (context: StepContext, touched: TouchedSide[], with_: ChangeIo) => {
    for (const site of sitesOf(touched)) await kind.claim?.(context, site, with_)
  }
  const context = (mode: RunMode) => ({ plan, mode, facts: self.facts, results: self.results })
  const self: TwoSites = {
    lab,
    plan,
    component,
    facts: {},
    results: {},
    transport,
    io,
    at: async (host, script, input) =>
      (await io().change(host, ['bash', '-euc', script], { ...(input !== undefined && { input }) })).stdout,
    async audit() {
      self.facts[component.id] = await kind.audit(component, context('preparation'), io())
    },
    step(mode, name) {
      const planned = kind.plan(component, self.facts[component.id] ?? {}, context(mode))
      const found = planned.find(step => step.name === name)
      if (found === undefined) throw new Error(`no step ${name} in mode ${mode}`)
      const id = `${component.id}.${name}`
      const step: Step = { ...found, id, component: component.id, kind: kind.kind, owner: component.owner }
      return { ...context(mode), step, component, fencingNumber: 1 }
    },
    async apply(mode, name, with_ = io()) {
      const step = self.step(mode, name)
      await claim(step, step.step.touches ?? [], with_)
      const result = await kind.actions[step.step.action]?.apply(step, with_)
      if (result !== undefined) self.results[step.step.id] = result
      return result ?? {}
    },
    async undo(mode, name, with_ = io()) {
      const step = self.step(mode, name)
      await claim(step, step.step.undoTouches ?? step.step.touches ?? [], with_)
      await kind.actions[step.step.action]?.undo?.(step, with_)
    },
    async measure(name, mode = 'live') {
      const measure = kind.measures[name]
      if (measure === undefined) throw new Error(`no measure ${name}`)
      return measure.measure(component, context(mode), io())
    },
    async close() {
      await transport.close()
      await lowerLab(lab.name)
    },
  }
  return self
}

export const hostsOf = (lab: Lab): Host[] =>
  Object.values(lab.hosts).map(({ ssh, address }) => ({ ssh, address, become: 'runuser' }))

function planOf(lab: Lab, component: Component): Plan {
  const side = (site: string) =>
    Object.fromEntries(
      hostsOf(lab)
        .filter(host => host.ssh.startsWith(`${site}-`))
        .map(host => [host.ssh.slice(site.length + 1), host]),
    )
  return {
    name: 'contract',
    title: 'Contract',
    zone: 'Europe/Paris',
    sites: {
      source: { id: 'montpellier', title: 'Montpellier', hosts: side('montpellier') },
      target: { id: 'toulouse', title: 'Toulouse', hosts: side('toulouse') },
    },
    outside: Object.fromEntries(
      hostsOf(lab)
        .filter(host => host.ssh.startsWith('internet-'))
        .map(host => [host.ssh.slice('internet-'.length), host]),
    ),
    ssh: { configFile: lab.sshConfigFile, connectTimeoutSeconds: 5 },
    window: { start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 30 },
    people: [],
    components: { [component.id]: component },
    checks: {},
    gates: { go: { signoffs: [] }, integrity: { signoffs: [] }, reopen: { signoffs: [] } },
    phases: [],
    rollback: {
      databaseStartSeconds: 60,
      serviceStartAttempts: 3,
      lineLostSeconds: 300,
      marginSeconds: 60,
      undoAttempts: 3,
      undoBackoffSeconds: 1,
    },
    notices: [],
  }
}

import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { ApiSpec, MachineSpec } from './spec.ts'

/** One machine at one site: the hypervisor that holds it, by ssh and by its API, and its number there. */
export type MachineSide = {
  side: SiteSide
  siteTitle: string
  component: string
  spec: MachineSpec
  host: Host
  /** Name of the Proxmox VE node. */
  node: string
  vmid: number
  api: ApiSpec
  /** Folder of this component alone for what travels, on the hypervisor. */
  staging: string
}

/** Which machine. */
export type Of = { component: Component; spec: MachineSpec; plan: Plan }

/** Throws Failure when the plan's site has no host of that name. */
export function machineAt({ component, spec, plan }: Of, side: SiteSide): MachineSide {
  return {
    side,
    siteTitle: plan.sites[side].title,
    component: component.id,
    spec,
    host: hostOf(component, plan, side, spec[side].host),
    node: spec[side].node,
    vmid: side === 'target' ? (spec.target.vmid ?? spec.vmid) : spec.vmid,
    api: spec[side].api,
    staging: `${spec.staging}/${component.id}`,
  }
}

/** The machine's two hypervisors. */
export type Ends = { spec: MachineSpec; source: MachineSide; target: MachineSide }

/** Throws Failure when the plan's sites lack a host. */
export const endsOf = (of: Of): Ends => ({
  spec: of.spec,
  source: machineAt(of, 'source'),
  target: machineAt(of, 'target'),
})

function hostOf(component: Component, plan: Plan, side: SiteSide, key: string): Host {
  const { hosts } = plan.sites[side]
  const host = hosts[key]
  if (host) return host
  throw new Failure(
    {
      key: 'proxmox-vm.host.unknown',
      values: { component: component.id, host: key, side, known: Object.keys(hosts).join(', ') },
    },
    { remedy: { key: 'proxmox-vm.host.unknown.remedy', values: { host: key, side } } },
  )
}

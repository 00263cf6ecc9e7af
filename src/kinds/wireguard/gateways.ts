import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import { type Manager, managerOf } from '../kit/managers.ts'
import type { WireguardSpec } from './spec.ts'

/** The VPN of a plan, both its gateways. */
export type Vpn = { component: Component; spec: WireguardSpec; plan: Plan }
/** The VPN at one site: where it runs, and where clients find it. */
export type Gateway = {
  side: SiteSide
  siteTitle: string
  component: string
  spec: WireguardSpec
  host: Host
  manager: Manager
  unit: string
  endpoint: string
  /** At the host: what a step must remember to put things back. */
  keptBy(step: string): string
}

export const gatewaysOf = (vpn: Vpn): { source: Gateway; target: Gateway } => ({
  source: gatewayAt(vpn, 'source'),
  target: gatewayAt(vpn, 'target'),
})

export function gatewayAt({ component, spec, plan }: Vpn, side: SiteSide): Gateway {
  const key = spec[side].host
  const host = plan.sites[side].hosts[key]
  if (host === undefined) {
    const known = Object.keys(plan.sites[side].hosts).join(', ')
    const values = { component: component.id, host: key, side, known }
    throw new Failure(
      { key: 'wireguard.host.unknown', values },
      { remedy: { key: 'wireguard.host.unknown.remedy', values } },
    )
  }
  return {
    side,
    siteTitle: plan.sites[side].title,
    component: component.id,
    spec,
    host,
    ...managerOf(spec.manager),
    endpoint: spec[side].endpoint,
    keptBy: step => `/var/lib/bascule/${plan.name}/${component.id}/${step}`,
  }
}

/** The host at neither site from which the tunnel is tried. */
export function testerOf({ component, spec, plan }: Vpn): Host {
  const key = spec.test.outside
  const host = plan.outside[key]
  if (host) return host
  const values = { component: component.id, host: key, known: Object.keys(plan.outside).join(', ') }
  throw new Failure(
    { key: 'wireguard.outside.unknown', values },
    { remedy: { key: 'wireguard.outside.unknown.remedy', values } },
  )
}

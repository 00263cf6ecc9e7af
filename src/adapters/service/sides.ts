import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import { type Manager, managerOf } from './managers.ts'
import { parseSpec, type ServiceSpec } from './spec.ts'

/** One service at one site: where it runs, where it is asked, and the edge in front of it. */
export type ServiceSide = {
  side: SiteSide
  siteTitle: string
  component: string
  spec: ServiceSpec
  host: Host
  /** Without a slash at its end. */
  url: string
  manager: Manager
  unit: string
  edgeHost: Host
  edge: { address: string; port: number }
}

export function serviceAt(component: Component, plan: Plan, side: SiteSide): ServiceSide {
  const spec = parseSpec(component.spec)
  const edgeHost = hostOf(component, plan, side, spec.maintenance.host)
  const edge = spec.maintenance.edge?.[side]
  return {
    side,
    siteTitle: plan.sites[side].title,
    component: component.id,
    spec,
    host: hostOf(component, plan, side, spec[side].host),
    url: spec[side].url,
    ...managerOf(spec.manager),
    edgeHost,
    edge: { address: edge?.address ?? edgeHost.address, port: edge?.port ?? portOf(spec.publicUrl) },
  }
}

function hostOf(component: Component, plan: Plan, side: SiteSide, key: string): Host {
  const host = plan.sites[side].hosts[key]
  if (host) return host
  throw new Failure(
    {
      key: 'service.host.unknown',
      values: {
        component: component.id,
        host: key,
        side,
        known: Object.keys(plan.sites[side].hosts).join(', '),
      },
    },
    { remedy: { key: 'service.host.unknown.remedy', values: { host: key, side } } },
  )
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  if (port) return Number(port)
  return protocol === 'https:' ? 443 : 80
}

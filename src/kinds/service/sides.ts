import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import { type Manager, managerOf } from '../kit/managers.ts'
import type { ServiceSpec } from './spec.ts'

/** One service at one site: where it runs, where it is asked, and the edge in front of it. */
export type ServiceSide = {
  side: SiteSide
  siteTitle: string
  component: string
  spec: ServiceSpec
  /** These three are absent together: the service has no manager, it lives and dies with its machine. */
  host?: Host
  /** Without a slash at its end. */
  url: string
  manager?: Manager
  unit?: string
  edgeHost: Host
  edge: { address: string; port: number }
}
/** One that is started and stopped by its manager, on a host. */
export type ManagedSide = ServiceSide & { host: Host; manager: Manager; unit: string }
export const isManaged = (at: ServiceSide): at is ManagedSide => at.manager !== undefined

export type ServiceIn = { component: Component; spec: ServiceSpec; plan: Plan }

export function serviceAt({ component, spec, plan }: ServiceIn, side: SiteSide): ServiceSide {
  const edgeHost = hostOf(component, plan, side, spec.maintenance.host)
  const edge = spec.maintenance.edge?.[side]
  const managed = managerOf(spec.manager)
  return {
    side,
    siteTitle: plan.sites[side].title,
    component: component.id,
    spec,
    url: spec[side].url,
    ...(managed && { host: hostOf(component, plan, side, spec[side].host ?? ''), ...managed }),
    edgeHost,
    edge: { address: edge?.address ?? edgeHost.address, port: edge?.port ?? portOf(spec.publicUrl) },
  }
}

/** For the steps that only a service with a manager has. */
export function managedAt(service: ServiceIn, side: SiteSide): ManagedSide {
  const at = serviceAt(service, side)
  if (isManaged(at)) return at
  throw new TypeError(`${service.component.id} has no manager: it has no such step`)
}

/** The values by which the sentences of a step name the service. */
export const shown = (at: ServiceSide): NonNullable<Text['values']> => ({
  service: at.component,
  site: at.siteTitle,
})

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

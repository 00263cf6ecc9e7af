import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import { type Manager, managerOf } from '../kit/managers.ts'
import { type HttpServiceSpec, isHttpSpec, type PlainServiceSpec, type ServiceSpec } from './modelled.ts'

/** One service at one site. */
type Side<Spec extends ServiceSpec> = {
  side: SiteSide
  siteTitle: string
  component: string
  spec: Spec
  /** Where it runs; these three are absent together: the service has no manager, it lives and dies with its machine. */
  host?: Host
  manager?: Manager
  unit?: string
}
/** Where it is asked, and the edge in front of it. */
export type HttpSide = Side<HttpServiceSpec> & {
  /** Without a slash at its end. */
  url: string
  edgeHost: Host
  edge: { address: string; port: number }
}
export type PlainSide = Side<PlainServiceSpec> & { host: Host }
export type ServiceSide = HttpSide | PlainSide
/** One that is started and stopped by its manager, on a host. */
export type ManagedSide = ServiceSide & { host: Host; manager: Manager; unit: string }
export const isManaged = (at: ServiceSide): at is ManagedSide => at.manager !== undefined
export const isHttp = <At extends ServiceSide>(at: At): at is At & HttpSide => isHttpSpec(at.spec)

/** Its units are kept down at the source by more than its own absence from the boot. */
export const isBlockedWhenStopped = ({ spec }: { spec: ServiceSpec }): boolean =>
  !isHttpSpec(spec) || spec.alsoStop !== undefined
/** What could start the service comes before it. */
export const unitsOf = (at: ManagedSide): string[] => [...(at.spec.alsoStop ?? []), at.unit]

export type ServiceIn<Spec extends ServiceSpec = ServiceSpec> = {
  component: Component
  spec: Spec
  plan: Plan
}

export function serviceAt({ component, spec, plan }: ServiceIn, side: SiteSide): ServiceSide {
  const managed = managerOf(spec.manager)
  const own = { side, siteTitle: plan.sites[side].title, component: component.id, ...managed }
  const host = () => hostOf(component, plan, side, spec[side].host ?? '')
  if (!isHttpSpec(spec)) return { ...own, spec, host: host() }
  const edgeHost = hostOf(component, plan, side, spec.maintenance.host)
  const edge = spec.maintenance.edge?.[side]
  return {
    ...own,
    spec,
    url: spec[side].url,
    ...(managed && { host: host() }),
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

/** For the steps that only a service with a maintenance page has. */
export function httpAt(service: ServiceIn, side: SiteSide): HttpSide {
  const at = serviceAt(service, side)
  if (isHttp(at)) return at
  throw new TypeError(`${service.component.id} has no URL: it has no such step`)
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

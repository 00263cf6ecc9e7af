import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import { composed, type MessageKey } from '../../model/text.ts'
import { type Manager, managerOf } from '../kit/managers.ts'
import { specOf, type WireguardSpec } from './spec.ts'

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

export function gatewayAt(component: Component, plan: Plan, side: SiteSide): Gateway {
  const spec = specOf(component)
  const key = spec[side].host
  const values = { component: component.id, host: key, side }
  return {
    side,
    siteTitle: plan.sites[side].title,
    component: component.id,
    spec,
    host: known(plan.sites[side].hosts, key, { key: 'wireguard.host.unknown', values }),
    ...managerOf(spec.manager),
    endpoint: spec[side].endpoint,
    keptBy: step => `${directoryOf(component, plan)}/${step}`,
  }
}

export const directoryOf = (component: Component, plan: Plan): string =>
  `/var/lib/bascule/${plan.name}/${component.id}`

/** The host at neither site from which the tunnel is tried. */
export function testerOf(component: Component, plan: Plan): Host {
  const key = specOf(component).test.outside
  const values = { component: component.id, host: key }
  return known(plan.outside, key, { key: 'wireguard.outside.unknown', values })
}

function known(
  hosts: Record<string, Host>,
  key: string,
  text: { key: MessageKey; values: Record<string, string> },
): Host {
  const host = hosts[key]
  if (host) return host
  const values = { ...text.values, known: Object.keys(hosts).join(', ') }
  throw new Failure({ ...text, values }, { remedy: { key: composed(`${text.key}.remedy`), values } })
}

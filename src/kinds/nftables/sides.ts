import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { NftablesSpec } from './spec.ts'

/** The firewalls of a plan, at both sites. */
export type Firewall = { component: Component; spec: NftablesSpec; plan: Plan }

/** One site's gateway, and what is kept of our work at it. */
export type GatewaySide = {
  component: string
  side: SiteSide
  siteTitle: string
  spec: NftablesSpec
  host: Host
  directory: Directories
}
/**
 * `load`, `file`, `vlans`: what each step keeps for its undo, over restarts of the gateway. `running`: the timers of loads;
 * gone with a restart, as what they would take back is.
 */
export type Directories = { load: string; file: string; vlans: string; running: string }

/** Throws Failure when the plan names a host that the site has not. */
export function gatewayAt({ component, spec, plan }: Firewall, side: SiteSide): GatewaySide {
  const { hosts, title } = plan.sites[side]
  const host = hosts[spec[side].host]
  if (host === undefined)
    throw new Failure({
      key: 'nftables.host.unknown',
      values: { component: component.id, side, host: spec[side].host, known: Object.keys(hosts).join(', ') },
    })
  const kept = `/var/lib/bascule/nftables/${component.id}`
  const directory = {
    load: `${kept}/load`,
    file: `${kept}/file`,
    vlans: `${kept}/vlans`,
    running: `/run/bascule-nftables/${component.id}`,
  }
  return { component: component.id, side, siteTitle: title, spec, host, directory }
}

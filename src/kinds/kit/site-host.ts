import type { Host, Plan, SiteSide } from '../../model/plan.ts'

/** The host that a component names at a site. The plan has been checked: it is there. */
export function siteHost(plan: Plan, side: SiteSide, name: string): Host {
  const host = plan.sites[side].hosts[name]
  if (host === undefined) throw new TypeError(`a validated plan has the host ${name} at its ${side}`)
  return host
}

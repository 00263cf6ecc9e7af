import { Failure } from '../../model/failure.ts'
import type { Component, Host, Plan, SiteSide } from '../../model/plan.ts'
import type { LinkSpec } from './spec.ts'

export type Ends = { component: string; spec: LinkSpec; source: Host; target: Host }

/** The two hosts between which the link is measured. Throws Failure when one is not among its site's. */
export function endsOf({
  component,
  spec,
  plan,
}: {
  component: Component
  spec: LinkSpec
  plan: Plan
}): Ends {
  const host = (side: SiteSide): Host => {
    const found = plan.sites[side].hosts[spec[side].host]
    if (found !== undefined) return found
    throw new Failure({
      key: 'link.unknownHost',
      values: { component: component.id, side, host: spec[side].host },
    })
  }
  return { component: component.id, spec, source: host('source'), target: host('target') }
}

import type { Component, Host, Plan } from '../../model/plan.ts'
import { siteHost } from '../kit/site-host.ts'
import { type LineSpec, specOf } from './spec.ts'

/** The target's two lines, and the gateways from which they are looked at. */
export type Line = { component: string; spec: LineSpec; source: Host; target: Host }

export function lineOf(component: Component, plan: Plan): Line {
  const spec = specOf(component)
  return {
    component: component.id,
    spec,
    source: siteHost(plan, 'source', spec.source.host),
    target: siteHost(plan, 'target', spec.target.host),
  }
}

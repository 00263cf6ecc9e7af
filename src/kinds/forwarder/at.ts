import type { Component, Host, Plan } from '../../model/plan.ts'
import { siteHost } from '../kit/site-host.ts'
import { type ForwarderSpec, specOf } from './spec.ts'

/** A forwarder and the gateway that has the old addresses. */
export type Forwarder = { component: string; spec: ForwarderSpec; host: Host }

export function forwarderOf(component: Component, plan: Plan): Forwarder {
  const spec = specOf(component)
  return { component: component.id, spec, host: siteHost(plan, 'source', spec.source.host) }
}

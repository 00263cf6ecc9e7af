import type { Component, Host, Plan } from '../../model/plan.ts'
import { siteHost } from '../kit/site-host.ts'
import type { ForwarderSpec } from './spec.ts'

/** A forwarder and the gateway that has the old addresses. */
export type Forwarder = { component: string; spec: ForwarderSpec; host: Host }

export const forwarderOf = ({
  component,
  spec,
  plan,
}: {
  component: Component
  spec: ForwarderSpec
  plan: Plan
}): Forwarder => ({ component: component.id, spec, host: siteHost(plan, 'source', spec.source.host) })

import type { Host, Plan } from '../../model/plan.ts'
import { siteHost } from '../kit/site-host.ts'
import type { LineSpec } from './spec.ts'

/** The target's two lines, and the gateways from which they are measured. */
export type WanLine = { spec: LineSpec; source: Host; target: Host }

export const wanLineOf = ({ spec, plan }: { spec: LineSpec; plan: Plan }): WanLine => ({
  spec,
  source: siteHost(plan, 'source', spec.source.host),
  target: siteHost(plan, 'target', spec.target.host),
})

import type { Component, Plan } from '../../../model/plan.ts'
import { type MachineSide, machineAt } from '../sides.ts'
import { type MachineSpec, specOf } from '../spec.ts'

/** The machine's two hypervisors. */
export type Ends = { spec: MachineSpec; source: MachineSide; target: MachineSide }

/** Throws Failure when the plan's sites lack a host. */
export const endsOf = ({ component, plan }: { component: Component; plan: Plan }): Ends => ({
  spec: specOf(component),
  source: machineAt(component, plan, 'source'),
  target: machineAt(component, plan, 'target'),
})

import type { Action, StepContext } from '../../../model/kind.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { closeEdge, isClosed, isOpen, openEdge } from '../edge.ts'
import { serviceAt } from '../sides.ts'

const at = ({ component, plan }: StepContext, side: SiteSide) => serviceAt(component, plan, side)
const sidesOf = ({ step }: StepContext) => step.params.sides as SiteSide[]

/**
 * The maintenance page at the sites in `params.sides`, in their order. Only the source's page is undone: the
 * target's stays on until the service is reopened there.
 */
export const maintenanceOn: Action = {
  async isDone(context, io) {
    for (const side of sidesOf(context)) if (!(await isClosed(at(context, side), io))) return false
    return true
  },
  async apply(context, io) {
    for (const side of sidesOf(context)) await closeEdge(at(context, side), io)
    return undefined
  },
  async undo(context, io) {
    if (sidesOf(context).includes('source')) await openEdge(at(context, 'source'), io)
  },
}

export const maintenanceOff: Action = {
  isDone: (context, io) => isOpen(at(context, 'target'), io),
  async apply(context, io) {
    await openEdge(at(context, 'target'), io)
    return undefined
  },
  undo: (context, io) => closeEdge(at(context, 'target'), io),
}

import type { Action, StepContext } from '../../../model/kind.ts'
import { admitAll, admitsAll, admitTestClientOnly } from '../admission.ts'
import { gatewayAt } from '../gateways.ts'
import { bringUp, isDown, isUp, takeDown } from '../running.ts'

/** Clients are let in at the target; then the source's gateway goes down, its configuration as it was. */
export const switchGateways: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    return (await isUp(target, io)) && (await admitsAll(target, io)) && (await isDown(source, io))
  },
  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await bringUp(target, io)
    await admitAll(target, io)
    await takeDown(source, io)
    return undefined
  },
  /** The way home first. Who had found the target already must find nobody there, or he would stay. */
  async undo(context, io) {
    const { source, target } = sidesOf(context)
    await bringUp(source, io)
    await admitTestClientOnly(target, io)
  },
}

const sidesOf = ({ component, plan }: StepContext) => ({
  source: gatewayAt(component, plan, 'source'),
  target: gatewayAt(component, plan, 'target'),
})

import { typed } from '../../kit/by-hand.ts'
import { admitAll, admitsAll, admitTestClientOnly } from '../admission.ts'
import { wireguard } from '../facts.ts'
import { gatewaysOf } from '../gateways.ts'
import { bringUp, isDown, isUp, takeDown, takeDownByHand } from '../running.ts'
import { shown, timings, undoBy } from '../step.ts'

/** Clients are let in at the target; then the source's gateway goes down, its configuration as it was. */
export const switchGateways = wireguard.action({
  name: 'switch',
  touches: ['source', 'target'],
  plan(about) {
    const { source, target } = gatewaysOf(about)
    return {
      ...timings(about, 5),
      title: { key: 'wireguard.switch.title', values: shown(about) },
      stage: 'switch',
      undo: undoBy(about, 5, {
        key: 'wireguard.switch.byHand',
        values: {
          ...shown(about),
          start: typed(source.manager.enable(source.unit), source.manager.start(source.unit)),
          stop: takeDownByHand(target),
        },
      }),
    }
  },
  async isDone(acting, io) {
    const { source, target } = gatewaysOf(acting)
    if (!(await isUp(target, io)) || !(await admitsAll(target, io))) return false
    return acting.without === 'source' || isDown(source, io)
  },
  async apply(acting, io) {
    const { source, target } = gatewaysOf(acting)
    await bringUp(target, io.at('target'))
    await admitAll(target, io.at('target'))
    if (acting.without !== 'source') await takeDown(source, io.at('source'))
    return undefined
  },
  /** The source first. Clients that had found the target already must not be let in there any more, or they would stay. */
  async undo(acting, io) {
    const { source, target } = gatewaysOf(acting)
    await bringUp(source, io.at('source'))
    await admitTestClientOnly(target, io.at('target'))
  },
  undoWithout: {
    async target(acting, io) {
      await bringUp(gatewaysOf(acting).source, io.at('source'))
    },
  },
})

import { hold, release } from '../cap.ts'
import { capState, isFree } from '../cap-state.ts'
import { line } from '../facts.ts'
import { wanLineOf } from '../wan-line.ts'

/** After the monitoring period: nothing large goes between the sites any more. */
export const uncap = line.action({
  name: 'uncap',
  touches: ['target'],
  plan(about) {
    const { spec, target } = wanLineOf(about)
    const values = { host: target.ssh, interface: spec.backup.interface }
    return {
      title: { key: 'line.uncap.title', values },
      stage: 'close',
      expectedSeconds: 3,
      deadlineSeconds: 60,
      attempts: 3,
      backoffSeconds: 2,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 3,
        deadlineSeconds: 60,
        byHand: { key: 'line.uncap.byHand', values },
      },
    }
  },
  isDone: async (acting, io) => isFree(await capState(wanLineOf(acting), io)),
  async apply(acting, io) {
    await release(wanLineOf(acting), io.at('target'))
    return undefined
  },
  undo: (acting, io) => hold(wanLineOf(acting), io.at('target')),
})

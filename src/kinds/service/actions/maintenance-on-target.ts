import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { closeEdge, isClosed } from '../edge.ts'
import { service } from '../facts.ts'
import { serviceAt, shown } from '../sides.ts'

/** The rehearsal's maintenance page: at the target alone, where it stays on until the service is reopened there. */
export const maintenanceOnTarget = service.action({
  name: 'maintenance-on-target',
  touches: ['target'],
  undoTouches: [],
  plan(about) {
    const target = serviceAt(about, 'target')
    return {
      title: { key: 'service.maintenance-on-target.title', values: shown(target) },
      stage: 'announce',
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'service.maintenance-on-target.byHand', values: shown(target) },
      },
    }
  },
  isDone: (acting, io) => isClosed(serviceAt(acting, 'target'), io),
  async apply(acting, io) {
    await closeEdge(serviceAt(acting, 'target'), io.at('target'))
    return undefined
  },
  undo: async () => undefined,
})

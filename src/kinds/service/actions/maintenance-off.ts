import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { closeEdge, isOpen, openEdge } from '../edge.ts'
import { service } from '../facts.ts'
import { httpAt, shown } from '../sides.ts'
import { awaitHealthy, start } from './start.ts'

export const maintenanceOff = service.action({
  name: 'maintenance-off',
  touches: ['target'],
  plan(about) {
    const target = httpAt(about, 'target')
    return {
      title: { key: 'service.maintenance-off.title', values: shown(target) },
      stage: 'restore-service',
      after: [start, awaitHealthy],
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: {
          key: 'service.maintenance-off.byHand',
          values: {
            host: target.edgeHost.ssh,
            commands: typed(['touch', '--', target.spec.maintenance.file]),
          },
        },
      },
    }
  },
  isDone: (acting, io) => isOpen(httpAt(acting, 'target'), io),
  async apply(acting, io) {
    await openEdge(httpAt(acting, 'target'), io.at('target'))
    return undefined
  },
  undo: (acting, io) => closeEdge(httpAt(acting, 'target'), io.at('target')),
})

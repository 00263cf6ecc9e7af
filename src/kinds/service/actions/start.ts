import { z } from 'zod'
import { typed } from '../../kit/by-hand.ts'
import { isUp, marginSeconds, startService, stopService } from '../control.ts'
import { service } from '../facts.ts'
import { managedAt, shown } from '../sides.ts'
import { maintenanceOn } from './maintenance-on.ts'
import { maintenanceOnTarget } from './maintenance-on-target.ts'

/** Up at the target. One call is one attempt: the step's own attempts count them (R2). */
export const start = service.action({
  name: 'start',
  touches: ['target'],
  handsOver: true,
  /** Not known of a service that was found up. */
  result: z.object({ startSeconds: z.number() }).optional(),
  plan(about) {
    const target = managedAt(about, 'target')
    const { startSeconds, stopSeconds } = target.spec
    return {
      title: { key: 'service.start.title', values: shown(target) },
      stage: 'start',
      after: [maintenanceOn, maintenanceOnTarget],
      expectedSeconds: 5,
      deadlineSeconds: startSeconds + stopSeconds + marginSeconds,
      attempts: about.plan.rollback.serviceStartAttempts,
      backoffSeconds: 2,
      trigger: 'R2',
      undo: {
        possible: true,
        expectedSeconds: 3,
        deadlineSeconds: stopSeconds + marginSeconds,
        byHand: {
          key: 'service.start.byHand',
          values: {
            host: target.host.ssh,
            commands: typed(
              target.manager.disable(target.unit),
              target.manager.stop(target.unit, stopSeconds),
            ),
          },
        },
      },
    }
  },
  isDone: (acting, io) => isUp(managedAt(acting, 'target'), io),
  async apply(acting, io) {
    return { startSeconds: await startService(managedAt(acting, 'target'), io.at('target')) }
  },
  undo: (acting, io) => stopService(managedAt(acting, 'target'), acting.step.id, io.at('target')),
})

import { z } from 'zod'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { askHealth, isHealthy } from '../ask.ts'
import { awaitService, marginSeconds } from '../control.ts'
import { service } from '../facts.ts'
import { serviceAt, shown } from '../sides.ts'
import { maintenanceOn } from './maintenance-on.ts'
import { maintenanceOnTarget } from './maintenance-on-target.ts'

/**
 * Healthy at the target, started by its VM. One call is one attempt (R2). The undo has nothing to do: the service stops with the
 * VM, whose own start is undone after this step.
 */
export const awaitHealthy = service.action({
  name: 'await-healthy',
  touches: [],
  /** Not known of a service that was found healthy. */
  result: z.object({ startSeconds: z.number() }).optional(),
  plan(about) {
    const target = serviceAt(about, 'target')
    return {
      title: { key: 'service.await-healthy.title', values: shown(target) },
      stage: 'start',
      after: [maintenanceOn, maintenanceOnTarget],
      expectedSeconds: 5,
      deadlineSeconds: target.spec.startSeconds + marginSeconds,
      attempts: about.plan.rollback.serviceStartAttempts,
      backoffSeconds: 2,
      trigger: 'R2',
      undo: {
        possible: true,
        expectedSeconds: 1,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'service.await-healthy.byHand', values: shown(target) },
      },
    }
  },
  async isDone(acting, io) {
    const target = serviceAt(acting, 'target')
    return isHealthy(target, await askHealth(target, io))
  },
  apply: async (acting, io) => ({ startSeconds: await awaitService(serviceAt(acting, 'target'), io) }),
  undo: async () => undefined,
})

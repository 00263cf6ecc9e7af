import { z } from 'zod'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { askHealth, isHealthy } from '../ask.ts'
import { awaitService, isUp, marginSeconds, startService, stopService } from '../control.ts'
import { service } from '../facts.ts'
import { managedAt, serviceAt, shown } from '../sides.ts'
import { maintenanceOn, maintenanceOnTarget } from './maintenance-on.ts'

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

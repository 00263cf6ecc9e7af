import { z } from 'zod'
import type { Text } from '../../../model/text.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { awaitService, isUp, marginSeconds, startService, stopService } from '../control.ts'
import { type AboutService, service } from '../facts.ts'
import { askHealth } from '../health.ts'
import { type ManagedSide, managedAt, serviceAt, shown, unitsOf } from '../sides.ts'
import { areUp, restoreUnits, startUnits } from '../units.ts'
import { maintenanceOn, maintenanceOnTarget } from './maintenance-on.ts'
import { noteUnits, wantedOf, wasOf } from './note-units.ts'

/** Up at the target. One call is one attempt: the step's own attempts count them (R2). */
export const start = service.action({
  name: 'start',
  touches: ['target'],
  handsOver: true,
  /** Not known of a service that was found up. */
  result: z.object({ startSeconds: z.number() }).optional(),
  plan: about => ({
    ...timesOf(about, managedAt(about, 'target'), 1),
    title: { key: 'service.start.title', values: shown(managedAt(about, 'target')) },
    after: [maintenanceOn, maintenanceOnTarget],
  }),
  isDone: (acting, io) => isUp(managedAt(acting, 'target'), io),
  async apply(acting, io) {
    return { startSeconds: await startService(managedAt(acting, 'target'), io.at('target')) }
  },
  undo: (acting, io) => stopService(managedAt(acting, 'target'), acting.step.id, io.at('target')),
})

/** The same of several units, and of one without HTTP: each as it was at the source, the service itself running in any case. */
export const startUnitsAtTarget = service.action({
  name: 'start-units',
  step: 'start',
  touches: ['target'],
  handsOver: true,
  /** Not known of a service that was found up. */
  result: z.object({ startSeconds: z.number() }).optional(),
  plan(about) {
    const target = managedAt(about, 'target')
    return {
      ...timesOf(about, target, unitsOf(target).length),
      title: { key: 'service.start-units.title', values: shown(target) },
      after: [maintenanceOn, maintenanceOnTarget, noteUnits],
    }
  },
  isDone: (acting, io) => areUp(managedAt(acting, 'target'), wantedOf(acting), io),
  async apply(acting, io) {
    const target = managedAt(acting, 'target')
    return { startSeconds: await startUnits(target, wantedOf(acting), acting.step.id, io.at('target')) }
  },
  undo: (acting, io) =>
    restoreUnits(managedAt(acting, 'target'), wasOf(acting, 'target'), acting.step.id, io.at('target')),
})

/** `units`: how many are started, or stopped again, one after the other. */
function timesOf(about: AboutService, target: ManagedSide, units: number) {
  const { startSeconds, stopSeconds } = target.spec
  const stopping = units * stopSeconds + marginSeconds
  const byHand: Text = {
    key: 'service.start.byHand',
    values: {
      host: target.host.ssh,
      commands: typed(
        ...unitsOf(target).flatMap(unit => [
          target.manager.disable(unit),
          target.manager.stop(unit, stopSeconds),
        ]),
      ),
    },
  }
  return {
    stage: 'start',
    expectedSeconds: 5,
    deadlineSeconds: startSeconds + stopping,
    attempts: about.plan.rollback.serviceStartAttempts,
    backoffSeconds: 2,
    trigger: 'R2',
    undo: { possible: true, expectedSeconds: 3, deadlineSeconds: stopping, byHand },
  } as const
}

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
    return (await askHealth(serviceAt(acting, 'target'), io)).healthy
  },
  apply: async (acting, io) => ({ startSeconds: await awaitService(serviceAt(acting, 'target'), io) }),
  undo: async () => undefined,
})

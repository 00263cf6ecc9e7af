import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { isDown, isUp, marginSeconds, startService, stopService } from '../control.ts'
import { service } from '../facts.ts'
import { managedAt, shown } from '../sides.ts'
import { maintenanceOn } from './maintenance-on.ts'

/** Down at the source. The undo brings it back up: users' return depends on it, so it is tried as often as a start. */
export const stop = service.action({
  name: 'stop',
  touches: ['source'],
  plan(about) {
    const source = managedAt(about, 'source')
    const { startSeconds, stopSeconds } = source.spec
    return {
      title: { key: 'service.stop.title', values: shown(source) },
      stage: 'quiesce',
      after: [maintenanceOn],
      expectedSeconds: 3,
      deadlineSeconds: stopSeconds + marginSeconds,
      attempts: 2,
      backoffSeconds: 2,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 5,
        deadlineSeconds:
          about.plan.rollback.serviceStartAttempts * (startSeconds + stopSeconds + marginSeconds),
        byHand: {
          key: 'service.stop.byHand',
          values: {
            host: source.host.ssh,
            commands: typed(source.manager.enable(source.unit), source.manager.start(source.unit)),
          },
        },
      },
    }
  },
  isDone: (acting, io) => isDown(managedAt(acting, 'source'), io),
  async apply(acting, io) {
    await stopService(managedAt(acting, 'source'), acting.step.id, io.at('source'))
    return undefined
  },
  async undo(acting, io) {
    const source = managedAt(acting, 'source')
    if (await isUp(source, io)) return
    const { serviceStartAttempts } = acting.plan.rollback
    await asOftenAs(serviceStartAttempts, io, () => startService(source, io.at('source')))
  },
})

/** Users' return depends on a start that is part of an undo: it is tried as often as one at the target. */
export async function asOftenAs(attempts: number, io: ReadIo, start: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await start()
      return
    } catch (error) {
      io.signal.throwIfAborted()
      if (attempt >= attempts || !(error instanceof Failure)) throw error
    }
  }
}

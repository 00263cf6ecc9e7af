import { typed } from '../../kit/by-hand.ts'
import { healthyOrDown, marginSeconds } from '../control.ts'
import { service } from '../facts.ts'
import { questionOf } from '../health.ts'
import { managedAt, shown, unitsOf } from '../sides.ts'
import { blockAndStop, isBlockedAndDown, restoreUnits, stopUnits } from '../units.ts'
import { maintenanceOn } from './maintenance-on.ts'
import { noteUnits, wasOf } from './note-units.ts'
import { asOftenAs } from './stop.ts'

/**
 * Down at the source, with what could start it, and refusing every start from then on: of people, sockets, timers and a reboot. The
 * undo leaves each unit as it was noted.
 */
export const stopAndBlock = service.action({
  name: 'stop-and-block',
  step: 'stop',
  touches: ['source'],
  plan(about) {
    const source = managedAt(about, 'source')
    const { startSeconds, stopSeconds } = source.spec
    const units = unitsOf(source)
    const stopping = units.length * stopSeconds + marginSeconds
    return {
      title: { key: 'service.stop-and-block.title', values: shown(source) },
      stage: 'quiesce',
      after: [maintenanceOn, noteUnits],
      expectedSeconds: 3,
      deadlineSeconds: stopping,
      attempts: 2,
      backoffSeconds: 2,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 5,
        deadlineSeconds: about.plan.rollback.serviceStartAttempts * (startSeconds + stopping),
        byHand: {
          key: 'service.stop-and-block.byHand',
          values: {
            host: source.host.ssh,
            commands: typed(
              ...units.flatMap(unit => source.manager.unblock(unit).map(({ argv }) => argv)),
              ...[source.manager.enable(source.unit), source.manager.start(source.unit)],
            ),
            others: units.slice(0, -1).join(', ') || '–',
            question: questionOf(source),
          },
        },
      },
    }
  },
  isDone: (acting, io) => isBlockedAndDown(managedAt(acting, 'source'), io),
  async apply(acting, io) {
    await blockAndStop(managedAt(acting, 'source'), acting.step.id, io.at('source'))
    return undefined
  },
  async undo(acting, io) {
    const source = managedAt(acting, 'source')
    const was = wasOf(acting, 'source')
    const wasHealthy = acting.resultOf(noteUnits)?.healthy ?? true
    await asOftenAs(acting.plan.rollback.serviceStartAttempts, io, async () => {
      await restoreUnits(source, was, acting.step.id, io.at('source'))
      const ran = unitsOf(source).filter(unit => was[unit]?.running)
      const down = () => stopUnits(source, ran, acting.step.id, io.at('source'))
      if (wasHealthy) await healthyOrDown(source, io, down)
    })
  },
})

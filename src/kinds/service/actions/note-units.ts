import { z } from 'zod'
import type { SiteSide } from '../../../model/plan.ts'
import { shortDeadlineSeconds, thrice } from '../../kit/timings.ts'
import { type AboutService, type ActingService, service } from '../facts.ts'
import { askHealth } from '../health.ts'
import { managedAt, shown, unitsOf } from '../sides.ts'
import { lookAt, type UnitRecord, type UnitRecords, unitRecords } from '../units.ts'
import { maintenanceOn, maintenanceOnTarget } from './maintenance-on.ts'

/**
 * How the units of both sites are, before anything of them is changed. A step of its own: the journal has it before the first of
 * them is stopped, so that a rollback knows it wherever the program was killed.
 */
export const noteUnits = service.action({
  name: 'note-units',
  touches: [],
  /** `healthy`: whether the service was, at the source. */
  result: z.object({ source: unitRecords, target: unitRecords, healthy: z.boolean() }),
  plan(about: AboutService) {
    const source = managedAt(about, 'source')
    return {
      title: { key: 'service.note-units.title', values: shown(source) },
      stage: 'quiesce',
      after: [maintenanceOn, maintenanceOnTarget],
      expectedSeconds: 2,
      deadlineSeconds: shortDeadlineSeconds,
      ...thrice,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 1,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: { key: 'service.note-units.byHand', values: shown(source) },
      },
    }
  },
  isDone: async () => false,
  async apply(acting, io) {
    const recordsOf = async (side: SiteSide): Promise<UnitRecords> => {
      const states = await lookAt(managedAt(acting, side), io)
      return Object.fromEntries(
        states.map(([unit, { running, enabled, block }]) => [
          unit,
          { running, enabled, blocked: block === 'whole' },
        ]),
      )
    }
    const { healthy } = await askHealth(managedAt(acting, 'source'), io)
    return { source: await recordsOf('source'), target: await recordsOf('target'), healthy }
  },
  undo: async () => undefined,
})

/** Where people did that step by hand, nothing is known: the source ran, the target did not. */
const unknown: { [Side in SiteSide]: UnitRecord } = {
  source: { running: true, enabled: true, blocked: false },
  target: { running: false, enabled: false, blocked: false },
}

export function wasOf(acting: ActingService, side: SiteSide): UnitRecords {
  const known = acting.resultOf(noteUnits)?.[side] ?? {}
  return Object.fromEntries(
    unitsOf(managedAt(acting, side)).map(unit => [unit, known[unit] ?? unknown[side]]),
  )
}

/** How the units shall be at the target: as they were at the source, the service itself running. */
export function wantedOf(acting: ActingService): UnitRecords {
  const { unit } = managedAt(acting, 'target')
  const was = wasOf(acting, 'source')
  return { ...was, [unit]: { ...(was[unit] ?? unknown.source), running: true } }
}

import { z } from 'zod'
import { byHandAt, psql } from '../by-hand.ts'
import { postgres } from '../define.ts'
import { proofSlotOf, type Sides, sidesOf, slotOf } from '../sides.ts'
import { literal } from '../sql.ts'
import { dropSlot, ensureSlot, slotAt } from '../standby.ts'
import { allowReplication } from './allow-replication.ts'

/** Two slots: what the copy has not received yet, and what changed since the proof, stay at the source, bounded. */
export const createSlot = postgres.action({
  name: 'create-slot',
  touches: ['source'],
  result: z.object({ slot: z.string(), proofSlot: z.string() }),
  plan: about => ({
    title: { key: 'postgres.create-slot.title', values: { component: about.component.id } },
    stage: 'provision',
    after: [allowReplication],
    expectedSeconds: 1,
    deadlineSeconds: 30,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 1,
      deadlineSeconds: 30,
      byHand: { key: 'postgres.create-slot.byHand', values: dropByHand(sidesOf(about)) },
    },
  }),

  async isDone(about, io) {
    const { source, target, spec } = sidesOf(about)
    const names = { slot: slotOf(target), proofSlot: proofSlotOf(spec) }
    const slots = await Promise.all(Object.values(names).map(name => slotAt(source, name, io)))
    return slots.every(slot => slot !== undefined && slot.walStatus !== 'lost') ? names : false
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    await ensureSlot(source, slotOf(target), io.at('source'))
    await ensureSlot(source, proofSlotOf(spec), io.at('source'))
    return { slot: slotOf(target), proofSlot: proofSlotOf(spec) }
  },

  async undo(about, io) {
    const { source, target, spec } = sidesOf(about)
    await dropSlot(source, slotOf(target), io.at('source'))
    await dropSlot(source, proofSlotOf(spec), io.at('source'))
  },
})

function dropByHand({ source, target, spec }: Sides) {
  const names = [slotOf(target), proofSlotOf(spec)].map(literal).join(', ')
  const slots = `from pg_replication_slots where slot_name in (${names})`
  return byHandAt(source, psql(source, `select pg_drop_replication_slot(slot_name) ${slots}`))
}

import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { proofSlotOf, sidesOf, slotOf } from '../sides.ts'
import { dropSlot, ensureSlot, slotAt } from '../slots.ts'

/** Two slots: what the copy has not received yet, and what changed since the proof, stay at the source, bounded. */
export const createSlot: Action = {
  async isDone(context, io) {
    const { source, target, spec } = sidesOf(context)
    const slots = await Promise.all([slotOf(target), proofSlotOf(spec)].map(name => slotAt(source, name, io)))
    return slots.every(slot => slot !== undefined && slot.walStatus !== 'lost')
  },

  async apply(context, io) {
    const { source, target, spec } = sidesOf(context)
    await claim(context.fencingNumber, io, source)
    await ensureSlot(source, slotOf(target), io)
    await ensureSlot(source, proofSlotOf(spec), io)
    return { slot: slotOf(target), proofSlot: proofSlotOf(spec) }
  },

  async undo(context, io) {
    const { source, target, spec } = sidesOf(context)
    await claim(context.fencingNumber, io, source)
    await dropSlot(source, slotOf(target), io)
    await dropSlot(source, proofSlotOf(spec), io)
  },
}

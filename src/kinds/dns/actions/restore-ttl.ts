import type { Action, StepContext } from '../../../model/kind.ts'
import { allThere, lowered, type Move, moveBack, moveRecords } from '../move.ts'
import { recordsOf } from '../records.ts'
import { parseSpec } from '../spec.ts'
import { auditedTtls, highest, loweringOf, originalTtls } from '../ttl.ts'

/** The TTLs the records had before the preparation, now on the target's data. */
export const restoreTtl: Action = {
  isDone: (context, io) => allThere(parseSpec(context.component.spec), restoring(context), io),
  async apply(context, io) {
    await moveRecords(parseSpec(context.component.spec), restoring(context), io)
    return undefined
  },
  async undo(context, io) {
    const { lowTtlSeconds } = parseSpec(context.component.spec)
    const low = targetMoves(context, () => lowered(lowTtlSeconds))
    return moveBack(parseSpec(context.component.spec), low, io)
  },
}

function restoring(context: StepContext): Move[] {
  const { component, facts, results } = context
  const kept = loweringOf(component, results)?.originals ?? {}
  const originals = originalTtls(component, {}, kept, auditedTtls(facts[component.id] ?? {}))
  // A record that came with the switch gets what the others have.
  return targetMoves(context, key => current => originals[key] ?? (highest(originals) || (current ?? 0)))
}

function targetMoves({ component }: StepContext, ttlOf: (key: string) => Move['ttlOf']): Move[] {
  return recordsOf(parseSpec(component.spec)).map(record => ({
    record,
    from: record.target,
    to: record.target,
    ttlOf: ttlOf(record.key),
  }))
}

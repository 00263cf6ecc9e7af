import type { Action, StepContext } from '../../../model/kind.ts'
import { allThere, type Move, moveRecords } from '../move.ts'
import { recordsOf } from '../records.ts'
import { parseSpec } from '../spec.ts'
import { auditedTtls, loweringOf, originalTtls } from '../ttl.ts'

/** The TTLs the records had before the preparation, now on the target's data. */
export const restoreTtl: Action = {
  isDone: (context, io) => allThere(parseSpec(context.component.spec), restoring(context), io),
  async apply(context, io) {
    await moveRecords(parseSpec(context.component.spec), restoring(context), io)
    return undefined
  },
  async undo(context, io) {
    const { lowTtlSeconds } = parseSpec(context.component.spec)
    const low = targetMoves(context, () => current => Math.min(current, lowTtlSeconds))
    await moveRecords(parseSpec(context.component.spec), low, io)
  },
}

function restoring(context: StepContext): Move[] {
  const { component, facts, results } = context
  const kept = loweringOf(component, results)?.originals ?? {}
  const originals = originalTtls(component, {}, kept, auditedTtls(facts[component.id] ?? {}))
  return targetMoves(context, key => current => originals[key] ?? current)
}

function targetMoves({ component }: StepContext, ttlOf: (key: string) => Move['ttlOf']): Move[] {
  return recordsOf(parseSpec(component.spec)).map(record => ({
    record,
    from: record.target,
    to: record.target,
    ttlOf: ttlOf(record.key),
  }))
}

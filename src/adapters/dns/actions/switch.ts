import type { Action, StepContext } from '../../../model/kind.ts'
import { allThere, type Move, moveRecords } from '../move.ts'
import { recordsOf } from '../records.ts'
import { parseSpec } from '../spec.ts'

/** All names to the target in one update; the undo, all back. The TTL stays low both ways: users follow quickly. */
export const switchNames: Action = {
  isDone: (context, io) => allThere(parseSpec(context.component.spec), moves(context, 'target'), io),
  async apply(context, io) {
    await moveRecords(parseSpec(context.component.spec), moves(context, 'target'), io)
    return undefined
  },
  async undo(context, io) {
    await moveRecords(parseSpec(context.component.spec), moves(context, 'source'), io)
  },
}

function moves({ component }: StepContext, towards: 'source' | 'target'): Move[] {
  const spec = parseSpec(component.spec)
  return recordsOf(spec).map(record => ({
    record,
    from: towards === 'target' ? record.source : record.target,
    to: record[towards],
    ttlOf: current => Math.min(current, spec.lowTtlSeconds),
  }))
}

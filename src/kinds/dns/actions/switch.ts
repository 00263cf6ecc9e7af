import type { Action, StepContext } from '../../../model/kind.ts'
import type { AsWritten } from '../as-written.ts'
import { allThere, lowered, type Move, moveBack, moveRecords } from '../move.ts'
import { recordsOf } from '../records.ts'
import { parseSpec } from '../spec.ts'

/** All names to the target in one update; the undo, all back. The TTL stays low both ways: users follow quickly. */
export const switchNames: Action = {
  isDone: (context, io) => allThere(parseSpec(context.component.spec), forth(context), io),
  async apply(context, io) {
    await moveRecords(parseSpec(context.component.spec), forth(context), io)
    return undefined
  },
  async undo(context, io) {
    return moveBack(parseSpec(context.component.spec), back(context), io)
  },
}

function forth({ component }: StepContext): Move[] {
  const spec = parseSpec(component.spec)
  return recordsOf(spec).map(record => ({
    record,
    from: record.source,
    to: record.target,
    ttlOf: lowered(spec.lowTtlSeconds),
  }))
}

/** As the audit saw it written, so that the zone is again what it was to the byte. */
function back({ component, step }: StepContext): Move[] {
  const spec = parseSpec(component.spec)
  const written = (step.params.asWritten ?? {}) as AsWritten
  return recordsOf(spec).map(record => ({
    record,
    from: record.target,
    to: written[record.key]?.data ?? record.source,
    ttlOf: current => lowered(spec.lowTtlSeconds)(current ?? written[record.key]?.ttlSeconds),
  }))
}

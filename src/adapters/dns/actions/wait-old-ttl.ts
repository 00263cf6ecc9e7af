import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { auditedTtls, highest, loweringOf, oldTtlGoneAt } from '../ttl.ts'

const sliceSeconds = 5

/** Sleeps until caches have dropped what they took under the old TTL. The end is an instant, so a resume goes on waiting for the same one. */
export const waitOldTtl: Action = {
  async isDone(context, io) {
    const lowering = loweringOf(context.component, context.results)
    return lowering !== undefined && Date.parse(io.now()) >= oldTtlGoneAt(lowering)
  },
  async apply(context, io) {
    const begin = Date.parse(io.now())
    const end = endOf(context, begin)
    const totalSeconds = Math.max(0, Math.ceil((end - begin) / 1000))
    for (;;) {
      const leftSeconds = (end - Date.parse(io.now())) / 1000
      tell(io, totalSeconds, leftSeconds)
      if (leftSeconds <= 0) return { waitedSeconds: totalSeconds }
      await io.sleep(Math.min(sliceSeconds, leftSeconds))
    }
  },
}

/** A lowering done by hand left no result: then the whole TTL that the audit saw is waited from now. */
function endOf({ component, facts, results }: StepContext, begin: number): number {
  const lowering = loweringOf(component, results)
  if (lowering) return oldTtlGoneAt(lowering)
  return begin + highest(auditedTtls(facts[component.id] ?? {})) * 1000
}

function tell(io: ReadIo, totalSeconds: number, leftSeconds: number): void {
  const itemsDone = Math.min(totalSeconds, Math.max(0, Math.round(totalSeconds - leftSeconds)))
  io.report({ itemsDone, itemsTotal: totalSeconds, note: 's' })
}

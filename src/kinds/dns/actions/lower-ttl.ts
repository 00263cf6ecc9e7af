import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { allThere, lowered, type Move, moveBack, moveRecords } from '../move.ts'
import { recordsOf } from '../records.ts'
import { parseSpec } from '../spec.ts'
import { highest, type Lowering, loweringOf, originalTtls, type Ttls } from '../ttl.ts'

/** A TTL that is lower already stays. Data do not change: source to source. */
export const lowerTtl: Action = {
  async isDone(context, io) {
    const spec = parseSpec(context.component.spec)
    if (!(await allThere(spec, lowering(context), io))) return false
    return asJson(resultOf(context, {}, io.now()))
  },
  async apply(context, io) {
    const before = await moveRecords(parseSpec(context.component.spec), lowering(context), io)
    return asJson(resultOf(context, before, io.now()))
  },
  async undo(context, io) {
    const originals = keptOriginals(context)
    const raising = sourceMoves(context, key => current => originals[key] ?? current ?? 0)
    return moveBack(parseSpec(context.component.spec), raising, io)
  },
}

function lowering(context: StepContext): Move[] {
  const { lowTtlSeconds } = parseSpec(context.component.spec)
  return sourceMoves(context, () => lowered(lowTtlSeconds))
}

function sourceMoves({ component }: StepContext, ttlOf: (key: string) => Move['ttlOf']): Move[] {
  return recordsOf(parseSpec(component.spec)).map(record => ({
    record,
    from: record.source,
    to: record.source,
    ttlOf: ttlOf(record.key),
  }))
}

const audited = ({ step }: StepContext) => step.params.ttlByRecord as Ttls

/** Without a result (the lowering was cut short) the audit before it is what is left to go by. */
const keptOriginals = (context: StepContext): Ttls =>
  originalTtls(
    context.component,
    {},
    audited(context),
    loweringOf(context.component, context.results)?.originals ?? {},
  )

/**
 * When the TTLs were low before this step was planned, an earlier lowering began the wait; otherwise it begins
 * now, when every server has been seen with the low TTL. Late is safe, early is not.
 */
function resultOf(context: StepContext, seen: Ttls, now: string): Lowering {
  const { lowTtlSeconds } = parseSpec(context.component.spec)
  const earlier = loweringOf(context.component, context.results)
  const wasLow = highest(audited(context)) <= lowTtlSeconds && highest(seen) <= lowTtlSeconds
  const originals = originalTtls(context.component, seen, audited(context), earlier?.originals ?? {})
  return {
    originals,
    loweredAt: wasLow && earlier ? earlier.loweredAt : now,
    oldTtlSeconds: highest(originals),
  }
}

const asJson = (lowering: Lowering): JsonObject => ({ ...lowering })

import { z } from 'zod'
import { millisecondsOf } from '../../../model/instant.ts'
import type { Acting } from '../../kit/kind-parts.ts'
import {
  allServed,
  changeRecords,
  lowered,
  plannedChange,
  type RecordChange,
  restoreRecords,
} from '../change.ts'
import { dns, type Known, type Spec, type Ttls, ttls } from '../facts.ts'
import { withoutLeftOut } from '../left-out.ts'
import { recordsOf, shown } from '../spec.ts'

const handle = {
  name: 'lower-ttl',
  touches: ['shared'],
  /** `loweredAt`: instant from which no server gives the old TTL any more. */
  result: z.object({ originals: ttls, loweredAt: z.string(), oldTtlSeconds: z.number() }),
} as const
export type Lowering = z.infer<typeof handle.result>
type Context = Acting<Spec, Known>

/** A TTL that is lower already stays. Data do not change: source to source. */
export const lowerTtl = dns.action({
  ...handle,
  plan: ({ spec, facts }) => ({
    ...plannedChange(spec, {
      nsupdate: 'dns.lower-ttl.byHand.nsupdate',
      console: 'dns.lower-ttl.byHand.console',
    }),
    title: { key: 'dns.lower-ttl.title', values: shown(spec) },
    stage: 'provision',
    // The result is lost when a crash falls between update and journal; the step then still knows what to restore.
    params: { ttlByRecord: facts.ttlByRecord ?? {} },
  }),
  async isDone(context, io) {
    if (!(await allServed(servedBy(context), lowering(context), io))) return false
    return resultAt(context, {}, io.now())
  },
  async apply(context, io) {
    const before = await changeRecords(servedBy(context), lowering(context), io.at('shared'))
    return resultAt(context, before, io.now())
  },
  undo(context, io) {
    const originals = keptOriginals(context)
    const raising = sourceChanges(context.spec, key => current => originals[key] ?? current ?? 0)
    return restoreRecords(context, raising, io.at('shared'))
  },
})

const servedBy = ({ spec, leftOut }: Context): Spec => withoutLeftOut(spec, leftOut)

const lowering = ({ spec }: Context): RecordChange[] => sourceChanges(spec, () => lowered(spec.lowTtlSeconds))

const sourceChanges = (spec: Spec, ttlOf: (key: string) => RecordChange['ttlOf']): RecordChange[] =>
  recordsOf(spec).map(record => ({
    record,
    from: record.source,
    to: record.source,
    ttlOf: ttlOf(record.key),
  }))

const audited = ({ step }: Context): Ttls => ttls.parse(step.params.ttlByRecord)

/** Without a result (the lowering was cut short) the audit before it is what is left to go by. */
const keptOriginals = (context: Context): Ttls =>
  originalTtls(context.spec, {}, audited(context), context.resultOf(handle)?.originals ?? {})

/**
 * When the TTLs were low before this step was planned, an earlier lowering began the wait; otherwise it begins
 * now, when every server has been seen with the low TTL. Late is safe, early is not.
 */
function resultAt(context: Context, seen: Ttls, now: string): Lowering {
  const { lowTtlSeconds } = context.spec
  const earlier = context.resultOf(handle)
  const wasLow = highest(audited(context)) <= lowTtlSeconds && highest(seen) <= lowTtlSeconds
  const originals = originalTtls(context.spec, seen, audited(context), earlier?.originals ?? {})
  return {
    originals,
    loweredAt: wasLow && earlier ? earlier.loweredAt : now,
    oldTtlSeconds: highest(originals),
  }
}

/**
 * The TTLs to come back to. Each is the first of these that is not a lowered one: what was seen just before the
 * change, what the audit saw, what an earlier lowering kept.
 */
export function originalTtls(spec: Spec, seen: Ttls, fromAudit: Ttls, kept: Ttls): Ttls {
  // One that is not there before the switch has no TTL to come back to.
  const there = recordsOf(spec).filter(({ source }) => source.length > 0)
  const originals = there.map(({ key }) => {
    const known = [seen[key], fromAudit[key], kept[key]].filter(ttl => ttl !== undefined)
    return [key, known.find(ttl => ttl > spec.lowTtlSeconds) ?? known[0] ?? spec.lowTtlSeconds] as const
  })
  return Object.fromEntries(originals)
}

/** The instant after which no cache holds a record with its old TTL, in milliseconds. */
export const oldTtlGoneAt = ({ loweredAt, oldTtlSeconds }: Lowering): number =>
  millisecondsOf(loweredAt) + oldTtlSeconds * 1000

export const highest = (all: Ttls): number => Math.max(0, ...Object.values(all))

/** The TTLs the records had before the preparation, now on the target's data. */
export const restoreTtl = dns.action({
  name: 'restore-ttl',
  touches: ['shared'],
  plan: ({ spec }) => ({
    ...plannedChange(spec, {
      nsupdate: 'dns.restore-ttl.byHand.nsupdate',
      console: 'dns.restore-ttl.byHand.console',
    }),
    title: { key: 'dns.restore-ttl.title', values: shown(spec) },
    stage: 'close',
  }),
  isDone: (context, io) => allServed(servedBy(context), restoring(context), io),
  async apply(context, io) {
    await changeRecords(servedBy(context), restoring(context), io.at('shared'))
    return undefined
  },
  undo(context, io) {
    const { spec } = context
    const low = targetChanges(spec, () => lowered(spec.lowTtlSeconds))
    return restoreRecords(context, low, io.at('shared'))
  },
})

function restoring({ spec, facts, resultOf }: Acting<Spec, Known>): RecordChange[] {
  const kept = resultOf(lowerTtl)?.originals ?? {}
  const originals = originalTtls(spec, {}, kept, facts.ttlByRecord ?? {})
  // A record that came with the switch gets what the others have.
  return targetChanges(spec, key => current => originals[key] ?? (highest(originals) || (current ?? 0)))
}

const targetChanges = (spec: Spec, ttlOf: (key: string) => RecordChange['ttlOf']): RecordChange[] =>
  recordsOf(spec).map(record => ({
    record,
    from: record.target,
    to: record.target,
    ttlOf: ttlOf(record.key),
  }))

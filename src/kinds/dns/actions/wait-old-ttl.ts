import { z } from 'zod'
import { instantAt, millisecondsOf } from '../../../model/instant.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Acting } from '../../kit/kind-parts.ts'
import { thrice } from '../../kit/timings.ts'
import { type Look, until } from '../../kit/until.ts'
import { dns, type Known, type Spec } from '../facts.ts'
import { shown } from '../spec.ts'
import { highestTtl, lookAtZone, type View } from '../zone.ts'
import { highest, lowerTtl, oldTtlGoneAt } from './lower-ttl.ts'

const daySeconds = 86_400
const sliceSeconds = 5
/** The servers are looked at before the wait ends, and so often meanwhile. */
const lookEverySeconds = 60

/** `goneAt`: instant of the end. */
const waited = z.object({ waitedSeconds: z.number(), goneAt: z.string() })
type Waited = z.infer<typeof waited>

/**
 * Sleeps until caches have dropped what they took under the old TTL, counted from the last moment at which a server gave it. The
 * end is an instant, so a resume goes on waiting for the same one.
 */
export const waitOldTtl = dns.action({
  name: 'wait-old-ttl',
  touches: [],
  result: waited,
  plan({ spec, facts }) {
    const oldTtlSeconds = highest(facts.ttlByRecord ?? {})
    return {
      title: { key: 'dns.wait-old-ttl.title', values: shown(spec) },
      stage: 'prove',
      after: [lowerTtl],
      expectedSeconds: oldTtlSeconds > spec.lowTtlSeconds ? oldTtlSeconds : 1,
      // The action computes its own end. Longer than the audited TTL, since an earlier lowering may hide a higher one.
      deadlineSeconds: Math.max(oldTtlSeconds, daySeconds) + 60,
      ...thrice,
      trigger: 'failure',
      undo: { possible: false, why: { key: 'dns.undo.nothing' } },
    }
  },
  async isDone({ spec, resultOf }, io) {
    const lowering = resultOf(lowerTtl)
    if (lowering === undefined || millisecondsOf(io.now()) < oldTtlGoneAt(lowering)) return false
    if ((await serversWithHighTtl(spec, io)).length > 0) return false
    return { waitedSeconds: 0, goneAt: instantAt(oldTtlGoneAt(lowering)) }
  },
  async apply(context, io) {
    const begin = millisecondsOf(io.now())
    let end = endOf(context, begin)
    let lookAt = begin
    let high: View[] = []
    const look = async (): Promise<Look<Waited, View[]>> => {
      const now = millisecondsOf(io.now())
      if (now >= Math.min(lookAt, end)) {
        lookAt = now + lookEverySeconds * 1000
        // Restored by another hand, or by a server that came back with an old zone: caches fill with it anew.
        high = await serversWithHighTtl(context.spec, io)
        if (high.length > 0) end = Math.max(end, now + highestTtl(high) * 1000)
      }
      const totalSeconds = Math.max(0, Math.ceil((end - begin) / 1000))
      const leftSeconds = (end - millisecondsOf(io.now())) / 1000
      report(io, totalSeconds, leftSeconds, high)
      if (leftSeconds <= 0) return { done: { waitedSeconds: totalSeconds, goneAt: instantAt(end) } }
      return { waiting: high, pauseSeconds: Math.min(sliceSeconds, leftSeconds) }
    }
    return until(io, look, {})
  },
})

async function serversWithHighTtl(spec: Spec, io: ReadIo): Promise<View[]> {
  const { servers } = await lookAtZone(spec, io)
  return servers.filter(view => highestTtl([view]) > spec.lowTtlSeconds)
}

/** A lowering done by hand left no result: then the whole TTL that the audit saw is waited from now. */
function endOf({ facts, resultOf }: Acting<Spec, Known>, begin: number): number {
  const lowering = resultOf(lowerTtl)
  if (lowering) return oldTtlGoneAt(lowering)
  return begin + highest(facts.ttlByRecord ?? {}) * 1000
}

function report(io: ReadIo, totalSeconds: number, leftSeconds: number, high: View[]): void {
  const itemsDone = Math.min(totalSeconds, Math.max(0, Math.round(totalSeconds - leftSeconds)))
  const again = high.map(view => `${view.server}: TTL ${highestTtl([view])}`)
  io.report({ itemsDone, itemsTotal: totalSeconds, ...(again.length > 0 && { note: again.join(', ') }) })
}

import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { highestTtl } from '../compare.ts'
import type { View } from '../servers.ts'
import { parseSpec } from '../spec.ts'
import { auditedTtls, highest, loweringOf, oldTtlGoneAt } from '../ttl.ts'
import { lookAtZone } from '../zone.ts'

const sliceSeconds = 5
/** The servers are looked at before the wait ends, and so often meanwhile. */
const lookEverySeconds = 60

/**
 * Sleeps until caches have dropped what they took under the old TTL, counted from the last moment at which a server gave it. The
 * end is an instant, so a resume goes on waiting for the same one.
 */
export const waitOldTtl: Action = {
  async isDone(context, io) {
    const lowering = loweringOf(context.component, context.results)
    if (lowering === undefined || Date.parse(io.now()) < oldTtlGoneAt(lowering)) return false
    return (await serversWithHighTtl(context, io)).length === 0
  },
  async apply(context, io) {
    const begin = Date.parse(io.now())
    let end = endOf(context, begin)
    let lookAt = begin
    let high: View[] = []
    for (;;) {
      const now = Date.parse(io.now())
      if (now >= Math.min(lookAt, end)) {
        lookAt = now + lookEverySeconds * 1000
        // Restored by another hand, or by a server that came back with an old zone: caches fill with it anew.
        high = await serversWithHighTtl(context, io)
        end = Math.max(end, now + highestTtl(high) * 1000)
      }
      const totalSeconds = Math.max(0, Math.ceil((end - begin) / 1000))
      const leftSeconds = (end - Date.parse(io.now())) / 1000
      tell(io, totalSeconds, leftSeconds, high)
      if (leftSeconds <= 0) return { waitedSeconds: totalSeconds, goneAt: new Date(end).toISOString() }
      await io.sleep(Math.min(sliceSeconds, leftSeconds))
    }
  },
}

async function serversWithHighTtl({ component }: StepContext, io: ReadIo): Promise<View[]> {
  const spec = parseSpec(component.spec)
  const { servers } = await lookAtZone(spec, io)
  return servers.filter(view => highestTtl([view]) > spec.lowTtlSeconds)
}

/** A lowering done by hand left no result: then the whole TTL that the audit saw is waited from now. */
function endOf({ component, facts, results }: StepContext, begin: number): number {
  const lowering = loweringOf(component, results)
  if (lowering) return oldTtlGoneAt(lowering)
  return begin + highest(auditedTtls(facts[component.id] ?? {})) * 1000
}

function tell(io: ReadIo, totalSeconds: number, leftSeconds: number, high: View[]): void {
  const itemsDone = Math.min(totalSeconds, Math.max(0, Math.round(totalSeconds - leftSeconds)))
  const again = high.map(view => `${view.server}: TTL ${highestTtl([view])}`)
  io.report({ itemsDone, itemsTotal: totalSeconds, note: ['s', ...again].join('; ') })
}

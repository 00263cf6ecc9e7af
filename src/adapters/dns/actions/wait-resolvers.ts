import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { sameData } from '../data.ts'
import { notServed } from '../failures.ts'
import { recordsOf } from '../records.ts'
import { resolverView } from '../servers.ts'
import { parseSpec } from '../spec.ts'

/** Beside the low TTL: a cache may be asked just before, and some keep a record a little longer. */
export const resolverMarginSeconds = 30

/** Until the caching resolvers give the new data to those who ask them. */
export const waitResolvers: Action = {
  isDone: async (context, io) => (await lateResolvers(context, io)).length === 0,
  async apply(context, io) {
    const seconds = parseSpec(context.component.spec).lowTtlSeconds + resolverMarginSeconds
    const begin = Date.parse(io.now())
    for (let pauseSeconds = 0.1; ; pauseSeconds = Math.min(pauseSeconds * 1.5, 1)) {
      const late = await lateResolvers(context, io)
      const waitedSeconds = (Date.parse(io.now()) - begin) / 1000
      if (late.length === 0) return { waitedSeconds }
      if (waitedSeconds >= seconds) throw notServed('dns.resolvers.late', late, seconds)
      await io.sleep(pauseSeconds)
    }
  },
}

async function lateResolvers({ component }: StepContext, io: ReadIo) {
  const spec = parseSpec(component.spec)
  const records = recordsOf(spec)
  const views = await Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io)))
  return views.flatMap(view =>
    records
      .filter(record => !sameData(record.type, view.said[record.key]?.data ?? [], record.target))
      .map(record => ({ view, record })),
  )
}

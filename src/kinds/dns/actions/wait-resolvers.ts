import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { sameData } from '../data.ts'
import { notServed } from '../failures.ts'
import { type PlannedRecord, recordsOf } from '../records.ts'
import { resolverView, type View } from '../servers.ts'
import { type DnsSpec, parseSpec } from '../spec.ts'
import { loweringOf, oldTtlGoneAt } from '../ttl.ts'
import { recordInWords } from '../zone.ts'

/** Beside the low TTL: a cache may be asked just before, and some keep a record a little longer. */
export const resolverMarginSeconds = 30

type Late = { view: View; record: PlannedRecord }

/**
 * Until the caching resolvers give the new data to those who ask them. One that keeps records longer than it should is not waited
 * for, but told: its users come to the old addresses for as long as it likes.
 */
export const waitResolvers: Action = {
  async isDone(context, io) {
    const { late, stubborn } = await lateResolvers(context, io)
    return late.length === 0 && { stubborn: namesOf(stubborn) }
  },
  async apply(context, io) {
    const seconds = parseSpec(context.component.spec).lowTtlSeconds + resolverMarginSeconds
    const begin = Date.parse(io.now())
    for (let pauseSeconds = 0.1; ; pauseSeconds = Math.min(pauseSeconds * 1.5, 1)) {
      const { late, stubborn } = await lateResolvers(context, io)
      const waitedSeconds = (Date.parse(io.now()) - begin) / 1000
      if (late.length === 0) return { waitedSeconds, stubborn: namesOf(stubborn) }
      if (waitedSeconds >= seconds) throw notServed('dns.resolvers.late', late.map(recordInWords), seconds)
      await io.sleep(pauseSeconds)
    }
  },
}

async function lateResolvers(context: StepContext, io: ReadIo): Promise<{ late: Late[]; stubborn: Late[] }> {
  const spec = parseSpec(context.component.spec)
  const records = recordsOf(spec)
  const views = await Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io)))
  const others = views.flatMap(view =>
    records
      .filter(record => !sameData(record.type, view.said[record.key]?.data ?? [], record.target))
      .map(record => ({ view, record })),
  )
  const keepers = keepersOf(spec, context, io, others)
  const isStubborn = ({ view }: Late) => keepers.has(view.server)
  return { late: others.filter(one => !isStubborn(one)), stubborn: others.filter(isStubborn) }
}

/** Once the old TTL is known to be over, whoever still means to keep old data for long does not go by TTLs, nor for the rest. */
function keepersOf(
  spec: DnsSpec,
  { component, results }: StepContext,
  io: ReadIo,
  late: Late[],
): Set<string> {
  const lowering = loweringOf(component, results)
  if (lowering === undefined || Date.parse(io.now()) < oldTtlGoneAt(lowering)) return new Set()
  const soonSeconds = spec.lowTtlSeconds + resolverMarginSeconds
  const keeping = late.filter(({ view, record }) => (view.said[record.key]?.ttlSeconds ?? 0) > soonSeconds)
  return new Set(keeping.map(({ view }) => view.server))
}

const namesOf = (late: Late[]): string[] => [...new Set(late.map(({ view }) => view.server))]

import { z } from 'zod'
import { millisecondsOf, secondsBetween } from '../../../model/instant.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Acting } from '../../kit/kind-parts.ts'
import { until } from '../../kit/until.ts'
import { dns, type Known, type Spec } from '../facts.ts'
import { notServed } from '../propagation.ts'
import { sameData } from '../record-data.ts'
import { type PlannedRecord, recordsOf, shown } from '../spec.ts'
import { recordInWords, resolverView, type View } from '../zone.ts'
import { lowerTtl, oldTtlGoneAt } from './lower-ttl.ts'
import { switchNames } from './switch.ts'

/** Beside the low TTL: a cache may be asked just before, and some keep a record a little longer. */
const marginSeconds = 30

type Context = Acting<Spec, Known>
type Late = { view: View; record: PlannedRecord }

/**
 * Until the caching resolvers give the new data to those who ask them. One that keeps records longer than it should is not waited
 * for, but told: its users come to the old addresses for as long as it likes.
 */
export const waitResolvers = dns.action({
  name: 'wait-resolvers',
  touches: [],
  result: z.object({ waitedSeconds: z.number(), stubborn: z.array(z.string()) }),
  plan: ({ spec }) => ({
    title: { key: 'dns.wait-resolvers.title', values: shown(spec) },
    stage: 'switch',
    after: [switchNames],
    expectedSeconds: Math.ceil(spec.lowTtlSeconds / 2),
    deadlineSeconds: spec.lowTtlSeconds + marginSeconds + 30,
    attempts: 1,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: { possible: false, why: { key: 'dns.undo.nothing' } },
  }),
  async isDone(context, io) {
    const { late, stubborn } = await lateResolvers(context, io)
    return late.length === 0 && { waitedSeconds: 0, stubborn: namesOf(stubborn) }
  },
  async apply(context, io) {
    const begin = io.now()
    const look = async () => {
      const { late, stubborn } = await lateResolvers(context, io)
      return late.length === 0 ? { done: stubborn } : { waiting: late }
    }
    const seconds = context.spec.lowTtlSeconds + marginSeconds
    const otherwise = (late: Late[]) => notServed('dns.resolvers.late', late.map(recordInWords), seconds)
    const stubborn = await until(io, look, { seconds, firstPauseSeconds: 0.1, otherwise })
    return { waitedSeconds: secondsBetween(begin, io.now()), stubborn: namesOf(stubborn) }
  },
})

async function lateResolvers(context: Context, io: ReadIo): Promise<{ late: Late[]; stubborn: Late[] }> {
  const { spec } = context
  const records = recordsOf(spec)
  const views = await Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io)))
  const others = views.flatMap(view =>
    records
      .filter(record => !sameData(record.type, view.said[record.key]?.data ?? [], record.target))
      .map(record => ({ view, record })),
  )
  const keepers = keepersOf(context, io, others)
  const isStubborn = ({ view }: Late) => keepers.has(view.server)
  return { late: others.filter(one => !isStubborn(one)), stubborn: others.filter(isStubborn) }
}

/** Once the old TTL has expired, a resolver that still caches old data for long ignores TTLs, for the other records too. */
function keepersOf({ spec, resultOf }: Context, io: ReadIo, late: Late[]): Set<string> {
  const lowering = resultOf(lowerTtl)
  if (lowering === undefined || millisecondsOf(io.now()) < oldTtlGoneAt(lowering)) return new Set()
  const soonSeconds = spec.lowTtlSeconds + marginSeconds
  const keeping = late.filter(({ view, record }) => (view.said[record.key]?.ttlSeconds ?? 0) > soonSeconds)
  return new Set(keeping.map(({ view }) => view.server))
}

const namesOf = (late: Late[]): string[] => [...new Set(late.map(({ view }) => view.server))]

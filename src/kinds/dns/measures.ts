import type { FigureForms } from '../../model/figure.ts'
import { millisecondsOf } from '../../model/instant.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Measurement } from '../../model/kind.ts'
import type { Text } from '../../model/text.ts'
import type { Measuring, TypedMeasure } from '../kit/kind-parts.ts'
import { highest, lowerTtl, oldTtlGoneAt } from './actions/lower-ttl.ts'
import { waitOldTtl } from './actions/wait-old-ttl.ts'
import type { Known, Spec } from './facts.ts'
import { withoutExcused, withoutLeftOut } from './left-out.ts'
import { recordsOf } from './spec.ts'
import {
  behind,
  disagreeing,
  highestTtl,
  inWords,
  lookAtSettledZone,
  lookAtZone,
  servesExactly,
  stepInWords,
  type Zone,
} from './zone.ts'

type Context = Measuring<Spec, Known>

export const measures: Record<string, TypedMeasure<Spec, Known>> = {
  serversDisagreeing: {
    title: 'dns.measure.serversDisagreeing',
    unit: '',
    expectedSeconds: 5,
    measure: serversDisagreeing,
  },
  secondariesBehind: {
    title: 'dns.measure.secondariesBehind',
    unit: '',
    expectedSeconds: 5,
    measure: secondariesBehind,
  },
  ttlSeconds: { title: 'dns.measure.ttlSeconds', unit: 's', expectedSeconds: 5, measure: ttlSeconds },
  oldTtlSecondsLeft: {
    title: 'dns.measure.oldTtlSecondsLeft',
    tells: 'old-ttl',
    unit: 's',
    expectedSeconds: 1,
    measure: oldTtlSecondsLeft,
  },
  recordsChanged: {
    title: 'dns.measure.recordsChanged',
    unit: '',
    expectedSeconds: 5,
    measure: recordsChanged,
  },
}

/** The zone at the servers that count; `figures` names the others. */
async function lookAt({ spec, leftOut }: Context, io: ReadIo, look = lookAtZone) {
  const seen = withoutExcused(await look(withoutLeftOut(spec, leftOut), io), spec)
  const without = [...leftOut, ...seen.excused]
  return { zone: seen.zone, figures: without.length === 0 ? {} : { leftOut: without.join(', ') } }
}

async function serversDisagreeing(context: Context, io: ReadIo): Promise<Measurement> {
  const { spec } = context
  const { zone, figures } = await lookAt(context, io, lookAtSettledZone)
  const servers = disagreeing(zone, recordsOf(spec)).map(({ server }) => server)
  return {
    value: servers.length,
    figures: { ...figures, servers: zone.servers.length, disagreeing: servers, serials: serialsOf(zone) },
    ...(servers.length > 0 && { detail: [about(servers)] }),
  }
}

/** Servers that hold another zone than the primary, or none. They do not change with it; a silent one is among them. */
async function secondariesBehind(context: Context, io: ReadIo): Promise<Measurement> {
  const { zone, figures } = await lookAt(context, io, lookAtSettledZone)
  const { primary } = zone
  const late = behind(zone)
  const unknown = primary.silence !== undefined
  const views = [...(unknown ? [primary] : []), ...late].map(view => stepInWords(view, primary))
  return {
    value: late.length,
    figures: {
      ...figures,
      primary: primary.serial ?? null,
      behind: late.map(({ server }) => server),
      serials: serialsOf(zone),
    },
    ...(views.length > 0 && { detail: [about(views)] }),
    ...(unknown && { unverified: true }),
  }
}

const serialsOf = ({ servers }: Zone) =>
  Object.fromEntries(servers.map(({ server, serial }) => [server, serial ?? null]))

/** Highest over records and servers. A server that is silent may give any TTL. */
async function ttlSeconds(context: Context, io: ReadIo): Promise<Measurement> {
  const { spec } = context
  const { zone, figures } = await lookAt(context, io)
  const views = zone.servers
  const byRecord = recordsOf(spec).map(({ key }) => [key, highestTtl(views, key)])
  const silent = views.filter(({ silence }) => silence !== undefined).map(({ server }) => server)
  return {
    value: highestTtl(views),
    figures: { ...figures, byRecord: Object.fromEntries(byRecord) },
    ...(silent.length > 0 && {
      unverified: true,
      detail: [{ key: 'dns.measured.silent', values: { servers: silent.join(', ') } }],
    }),
  }
}

/**
 * Until no cache holds a record with its old TTL, counted from the last moment at which a server is known to have given it: a
 * server that gives it now has just filled a cache. Without a recorded lowering there is no telling, unless no TTL is high.
 */
async function oldTtlSecondsLeft({ spec, facts, resultOf }: Context, io: ReadIo): Promise<Measurement> {
  const lowering = resultOf(lowerTtl)
  if (!lowering) {
    const seconds = highest(facts.ttlByRecord ?? {})
    return {
      value: seconds,
      figures: { auditedTtlSeconds: seconds },
      unverified: true,
      detail: [{ key: 'dns.measured.neverLowered' }],
    }
  }
  const { servers } = await lookAtZone(spec, io)
  const high = servers.filter(view => highestTtl([view]) > spec.lowTtlSeconds)
  const goneAt = Math.max(
    oldTtlGoneAt(lowering),
    millisecondsOf(resultOf(waitOldTtl)?.goneAt ?? lowering.loweredAt),
  )
  const left = Math.max(0, Math.ceil((goneAt - millisecondsOf(io.now())) / 1000))
  const { loweredAt, oldTtlSeconds } = lowering
  return {
    value: Math.max(left, highestTtl(high)),
    figures: { loweredAt, oldTtlSeconds, highAgain: high.map(({ server }) => server) },
    ...(high.length > 0 && {
      detail: [about(high.map(view => `${view.server}: TTL ${highestTtl([view])}`))],
    }),
  }
}

/** Records that any authoritative server no longer serves as the plan's `source` says. */
async function recordsChanged(context: Context, io: ReadIo): Promise<Measurement> {
  const { spec } = context
  const { zone, figures } = await lookAt(context, io)
  const views = zone.servers
  const changed = recordsOf(spec).flatMap(record => {
    const view = views.find(one => !servesExactly(one, record, record.source))
    return view ? [`${record.key}: ${inWords(view, record)} (${view.server})`] : []
  })
  return {
    value: changed.length,
    figures: { ...figures, changed },
    ...(changed.length > 0 && { detail: [about(changed.slice(0, 3))] }),
  }
}

/** Addresses, names and answers: the same in every language. */
const about = (seen: readonly string[]): Text => ({
  key: 'dns.measured.seen',
  values: { seen: seen.join('; ') },
})

/** How they, and the figures of the steps' results, are shown. */
export const figures: FigureForms = {
  servers: { label: 'dns.figure.servers' },
  leftOut: { label: 'dns.figure.leftOut' },
  primary: { label: 'dns.figure.primary' },
  auditedTtlSeconds: { label: 'dns.figure.auditedTtlSeconds', unit: 's' },
  loweredAt: { label: 'dns.figure.loweredAt', unit: 'instant' },
  oldTtlSeconds: { label: 'dns.figure.oldTtlSeconds', unit: 's' },
  waitedSeconds: { label: 'dns.figure.waitedSeconds', unit: 's' },
  goneAt: { label: 'dns.figure.goneAt', unit: 'instant' },
  records: { label: 'dns.figure.records' },
  serialBefore: { label: 'dns.figure.serialBefore' },
  serialAfter: { label: 'dns.figure.serialAfter' },
}

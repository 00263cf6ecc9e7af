import type { ReadIo } from '../../model/io.ts'
import type { Measure, MeasureContext, Measurement } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import { disagreeing, highestTtl, serverViews } from './audit.ts'
import { recordsOf } from './records.ts'
import { inWords, says } from './servers.ts'
import { parseSpec } from './spec.ts'
import { auditedTtls, highest, loweringOf, oldTtlGoneAt } from './ttl.ts'

export const measures: Record<string, Measure> = {
  serversDisagreeing: { unit: '', expectedSeconds: 5, measure: serversDisagreeing },
  ttlSeconds: { unit: 's', expectedSeconds: 5, measure: ttlSeconds },
  oldTtlSecondsLeft: { unit: 's', expectedSeconds: 1, measure: oldTtlSecondsLeft },
  recordsChanged: { unit: '', expectedSeconds: 5, measure: recordsChanged },
}

async function serversDisagreeing(component: Component, _context: unknown, io: ReadIo): Promise<Measurement> {
  const spec = parseSpec(component.spec)
  const views = await serverViews(spec, io)
  const servers = disagreeing(views, recordsOf(spec)).map(({ server }) => server)
  const serials = Object.fromEntries(views.map(({ server, serial }) => [server, serial ?? null]))
  return {
    value: servers.length,
    figures: { servers: views.length, disagreeing: servers, serials },
    ...(servers.length > 0 && { detail: servers.join(', ') }),
  }
}

/** Highest over records and servers. A server that is silent may give any TTL. */
async function ttlSeconds(component: Component, _context: unknown, io: ReadIo): Promise<Measurement> {
  const spec = parseSpec(component.spec)
  const views = await serverViews(spec, io)
  const byRecord = recordsOf(spec).map(({ key }) => [key, highestTtl(views, key)])
  const silent = views.filter(({ silence }) => silence !== undefined).map(({ server }) => server)
  return {
    value: highestTtl(views),
    figures: { byRecord: Object.fromEntries(byRecord) },
    ...(silent.length > 0 && { unverified: true, detail: silent.join(', ') }),
  }
}

/** Until no cache holds a record with its old TTL. Without a recorded lowering there is no telling, unless no TTL is high. */
async function oldTtlSecondsLeft(
  component: Component,
  context: MeasureContext,
  io: ReadIo,
): Promise<Measurement> {
  const lowering = loweringOf(component, context.results)
  if (!lowering) {
    const seconds = highest(auditedTtls(context.facts[component.id] ?? {}))
    return {
      value: seconds,
      figures: { auditedTtlSeconds: seconds },
      unverified: true,
      detail: 'no lowering of the TTL is recorded',
    }
  }
  const left = Math.max(0, Math.ceil((oldTtlGoneAt(lowering) - Date.parse(io.now())) / 1000))
  return { value: left, figures: { loweredAt: lowering.loweredAt, oldTtlSeconds: lowering.oldTtlSeconds } }
}

/** Records that any authoritative server no longer serves as the plan's `source` says. */
async function recordsChanged(component: Component, _context: unknown, io: ReadIo): Promise<Measurement> {
  const spec = parseSpec(component.spec)
  const views = await serverViews(spec, io)
  const changed = recordsOf(spec).flatMap(record => {
    const view = views.find(one => !says(one, record, record.source))
    return view ? [`${record.key}: ${inWords(view, record)} (${view.server})`] : []
  })
  return {
    value: changed.length,
    figures: { changed },
    ...(changed.length > 0 && { detail: changed.slice(0, 3).join('; ') }),
  }
}

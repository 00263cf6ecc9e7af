import type { Fact, Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { Component } from '../../model/plan.ts'
import { sameData } from './data.ts'
import { bare } from './names.ts'
import { providers } from './providers.ts'
import { type PlannedRecord, recordsOf } from './records.ts'
import { resolverView, type View, viewOf } from './servers.ts'
import { type DnsSpec, parseSpec } from './spec.ts'

/** The audit's facts, as `findings` reads them back. */
export type SeenServer = { server: string; serial: number | null; silence: string | null }
export type SeenRecord = {
  server: string
  record: string
  code: string
  authoritative: boolean
  ttlSeconds: number
  data: string[]
}
export type SeenResolver = { server: string; record: string; data: string[]; silence: string | null }

/**
 * Facts: `servers`, `records` (each record at each authoritative server), `ttlSeconds` (highest), `ttlByRecord`,
 * `serversDisagreeing`, `resolvers`, `nameServers` (those the zone names), `update` (would a change be let in).
 * Nothing is written: the update that is tried holds prerequisites and no change.
 */
export async function auditDns(component: Component, _context: unknown, io: ReadIo): Promise<Facts> {
  const spec = parseSpec(component.spec)
  const records = recordsOf(spec)
  const [views, resolvers, nameServers, update] = await Promise.all([
    serverViews(spec, io),
    Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io))),
    zoneNameServers(spec, io),
    providers[spec.update.provider].ask(spec.update, spec.zone, expectations(records), io),
  ])
  const fact = (value: Json, unit = ''): Fact => ({ value, unit, at: io.now() })
  return {
    servers: fact(
      views.map(({ server, serial, silence }) => ({
        server,
        serial: serial ?? null,
        silence: silence ?? null,
      })),
    ),
    records: fact(views.flatMap(view => seenRecords(view, records))),
    ttlSeconds: fact(highestTtl(views), 's'),
    ttlByRecord: fact(Object.fromEntries(records.map(({ key }) => [key, highestTtl(views, key)])), 's'),
    serversDisagreeing: fact(disagreeing(views, records).length),
    resolvers: fact(resolvers.flatMap(view => seenByResolver(view, records))),
    nameServers: fact(nameServers),
    update: fact({ ...update }),
  }
}

export const serverViews = (spec: DnsSpec, io: ReadIo): Promise<View[]> =>
  Promise.all(spec.servers.map(server => viewOf(server, spec.zone, recordsOf(spec), io)))

/** Servers that are silent, have no authority, or do not say what the first server that answers says. */
export function disagreeing(views: View[], records: PlannedRecord[]): View[] {
  const reference = views.find(({ silence }) => silence === undefined)
  const agrees = (view: View, { key, type }: PlannedRecord) => {
    const said = view.said[key]
    return said?.authoritative === true && sameData(type, said.data, reference?.said[key]?.data ?? [])
  }
  return views.filter(view => view.silence !== undefined || !records.every(record => agrees(view, record)))
}

export const highestTtl = (views: View[], key?: string): number =>
  Math.max(
    0,
    ...views.flatMap(({ said }) =>
      Object.entries(said).map(([record, { ttlSeconds }]) =>
        key === undefined || key === record ? ttlSeconds : 0,
      ),
    ),
  )

const expectations = (records: PlannedRecord[]) =>
  records.map(({ name, type, source }) => ({ name, type, data: source, ttlSeconds: 0 }))

const seenRecords = ({ server, said }: View, records: PlannedRecord[]): SeenRecord[] =>
  records.flatMap(({ key }) => {
    const one = said[key]
    return one ? [{ server, record: key, ...one }] : []
  })

const seenByResolver = ({ server, said, silence }: View, records: PlannedRecord[]): SeenResolver[] =>
  records.map(({ key }) => ({ server, record: key, data: said[key]?.data ?? [], silence: silence ?? null }))

/** Each name server of the zone with its addresses as the zone or a resolver gives them; empty when none could be asked. */
async function zoneNameServers(spec: DnsSpec, io: ReadIo): Promise<{ name: string; addresses: string[] }[]> {
  const [asked = spec.update.server] = spec.servers
  const recursive = spec.resolvers[0]
  try {
    const { records } = await io.dns(asked, bare(spec.zone), 'NS')
    const names = records.filter(({ type }) => type === 'NS').map(({ data }) => bare(data))
    return await Promise.all(
      names.map(async name => {
        const answers = await Promise.all(
          ['A', 'AAAA'].map(type =>
            io.dns(recursive ?? asked, name, type, { recurse: recursive !== undefined }),
          ),
        )
        const addresses = answers.flatMap(({ records: found }) =>
          found.filter(({ type }) => type === 'A' || type === 'AAAA').map(({ data }) => data),
        )
        return { name, addresses }
      }),
    )
  } catch {
    // A server that is silent is a finding already; this is beside it.
    io.signal.throwIfAborted()
    return []
  }
}

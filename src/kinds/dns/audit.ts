import type { Fact, Facts } from '../../model/fact.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { Component } from '../../model/plan.ts'
import { otherAddresses, zoneNameServers } from './beside.ts'
import { behind, disagreeing, highestTtl, ttlByRecord } from './compare.ts'
import { sameData } from './data.ts'
import { providerOf } from './providers.ts'
import { type PlannedRecord, recordsOf } from './records.ts'
import { resolverView, type View } from './servers.ts'
import { parseSpec } from './spec.ts'
import { lookAtSettledZone } from './zone.ts'

/** The audit's facts, as `findings` reads them back. */
export type SeenServer = { server: string; serial: number | null; silence: string | null; code: string }
export type SeenRecord = {
  server: string
  record: string
  code: string
  authoritative: boolean
  ttlSeconds: number
  data: string[]
}
export type SeenResolver = {
  server: string
  record: string
  data: string[]
  ttlSeconds: number
  silence: string | null
}

/**
 * Facts: `servers`, `primary`, `records` (each record at each authoritative server), `ttlSeconds` (highest), `ttlByRecord`,
 * `serversDisagreeing`, `secondariesBehind`, `resolvers`, `nameServers` (those the zone names), `otherAddresses` (beside the
 * planned ones, at the same names), `update` (would a change be let in).
 * Nothing is written: the update that is tried holds prerequisites and no change.
 */
export async function auditDns(component: Component, _context: unknown, io: ReadIo): Promise<Facts> {
  const spec = parseSpec(component.spec)
  const records = recordsOf(spec)
  const [zone, resolvers, nameServers, others] = await Promise.all([
    lookAtSettledZone(spec, io),
    Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io))),
    zoneNameServers(spec, io),
    otherAddresses(spec, records, io),
  ])
  const { primary, servers } = zone
  const update = await providerOf(spec).ask(spec.zone, expectations(records, primary), io)
  const fact = (value: Json, unit = ''): Fact => ({ value, unit, at: io.now() })
  return {
    servers: fact(servers.map(seenServer)),
    primary: fact(seenServer(primary)),
    records: fact(servers.flatMap(view => seenRecords(view, records))),
    ttlSeconds: fact(highestTtl(servers), 's'),
    ttlByRecord: fact(ttlByRecord(servers, records), 's'),
    serversDisagreeing: fact(disagreeing(zone, records).length),
    secondariesBehind: fact(behind(zone).length),
    resolvers: fact(resolvers.flatMap(view => seenByResolver(view, records))),
    nameServers: fact(nameServers),
    otherAddresses: fact(others),
    update: fact({ ...update }),
  }
}

/** What the plan expects, as the zone has it written: a prerequisite tells one text in other strings from it. */
const expectations = (records: PlannedRecord[], primary: View) =>
  records.map(({ key, name, type, source }) => {
    const said = primary.said[key]?.data ?? []
    return { name, type, data: sameData(type, said, source) ? said : source, ttlSeconds: 0 }
  })

const seenServer = ({ server, serial, silence, code }: View): SeenServer => ({
  server,
  serial: serial ?? null,
  silence: silence ?? null,
  code: code ?? '',
})

const seenRecords = ({ server, said }: View, records: PlannedRecord[]): SeenRecord[] =>
  records.flatMap(({ key }) => {
    const one = said[key]
    return one ? [{ server, record: key, ...one }] : []
  })

const seenByResolver = ({ server, said, silence }: View, records: PlannedRecord[]): SeenResolver[] =>
  records.map(({ key }) => ({
    server,
    record: key,
    data: said[key]?.data ?? [],
    ttlSeconds: said[key]?.ttlSeconds ?? 0,
    silence: silence ?? null,
  }))

import { z } from 'zod'
import type { ReadIo } from '../../model/io.ts'
import { kindOf } from '../kit/define-kind.ts'
import type { FactsOf } from '../kit/kind-parts.ts'
import { primaryOf, providerOf } from './providers/index.ts'
import { bare, sameData } from './record-data.ts'
import { type DnsSpec, dnsSpec, type PlannedRecord, recordsOf } from './spec.ts'
import {
  behind,
  disagreeing,
  highestTtl,
  lookAtSettledZone,
  resolverView,
  ttlByRecord,
  type View,
} from './zone.ts'

const serverForm = z.object({
  server: z.string(),
  serial: z.number().nullable(),
  silence: z.string().nullable(),
  code: z.string(),
})
const seenRecord = z.object({
  server: z.string(),
  record: z.string(),
  code: z.string(),
  authoritative: z.boolean(),
  ttlSeconds: z.number(),
  data: z.array(z.string()),
})
const resolverForm = z.object({
  server: z.string(),
  record: z.string(),
  data: z.array(z.string()),
  ttlSeconds: z.number(),
  silence: z.string().nullable(),
})
const seenAddress = z.object({ record: z.string(), data: z.array(z.string()) })
const nameServer = z.object({ name: z.string(), addresses: z.array(z.string()) })
/** TTL in seconds by record key. */
export const ttls = z.record(z.string(), z.number())

export type SeenServer = z.infer<typeof serverForm>
export type SeenRecord = z.infer<typeof seenRecord>
export type SeenResolver = z.infer<typeof resolverForm>
export type SeenAddress = z.infer<typeof seenAddress>
export type NameServer = z.infer<typeof nameServer>
export type Ttls = z.infer<typeof ttls>

const facts = {
  servers: { unit: '', value: z.array(serverForm) },
  primary: { unit: '', value: serverForm },
  /** Each record at each authoritative server. */
  records: { unit: '', value: z.array(seenRecord) },
  /** The highest of all records and servers. */
  ttlSeconds: { unit: 's', value: z.number() },
  /** The highest of all servers, since any of them may have filled a cache. Of the records that are there. */
  ttlByRecord: { unit: 's', value: ttls },
  serversDisagreeing: { unit: '', value: z.number() },
  secondariesBehind: { unit: '', value: z.number() },
  resolvers: { unit: '', value: z.array(resolverForm) },
  /** Those that the zone itself names. */
  nameServers: { unit: '', value: z.array(nameServer) },
  /** Addresses at the planned names which the plan does not name. */
  otherAddresses: { unit: '', value: z.array(seenAddress) },
  /** Whether a change would be accepted. */
  update: { unit: '', value: z.object({ code: z.string(), detail: z.string() }) },
}
export type Known = FactsOf<typeof facts>

export const dns = kindOf('dns', dnsSpec, facts)
export type Spec = ReturnType<typeof dns.specOf>

/** Nothing is written: the update that is tried holds prerequisites and no change. */
export async function audit({ spec }: { spec: DnsSpec }, io: ReadIo): Promise<Known> {
  const records = recordsOf(spec)
  const [zone, resolvers, nameServers, otherAddresses] = await Promise.all([
    lookAtSettledZone(spec, io),
    Promise.all(spec.resolvers.map(resolver => resolverView(resolver, records, io))),
    zoneNameServers(spec, io),
    unplannedAddresses(spec, records, io),
  ])
  const { primary, servers } = zone
  const update = await providerOf(spec).ask(spec.zone, expectations(records, primary), io)
  return {
    servers: servers.map(seenServer),
    primary: seenServer(primary),
    records: servers.flatMap(view => seenRecords(view, records)),
    ttlSeconds: highestTtl(servers),
    ttlByRecord: ttlByRecord(servers, records),
    serversDisagreeing: disagreeing(zone, records).length,
    secondariesBehind: behind(zone).length,
    resolvers: resolvers.flatMap(view => seenByResolver(view, records)),
    nameServers,
    otherAddresses,
    update,
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

/** Who uses IPv6 goes on to where an AAAA leads that stays behind; and the other way round. */
async function unplannedAddresses(
  spec: DnsSpec,
  records: PlannedRecord[],
  io: ReadIo,
): Promise<SeenAddress[]> {
  const planned = new Set(records.map(({ key }) => key))
  const asked = records.flatMap(({ name, type }) => {
    const other = type === 'A' ? 'AAAA' : type === 'AAAA' ? 'A' : undefined
    return other === undefined || planned.has(`${name} ${other}`) ? [] : [{ name, type: other }]
  })
  try {
    const found = await Promise.all(
      asked.map(async ({ name, type }) => {
        const { records: answers } = await io.dns(primaryOf(spec), name, type)
        const data = answers.filter(answer => answer.name === name && answer.type === type)
        return { record: `${name} ${type}`, data: data.map(answer => answer.data).sort() }
      }),
    )
    return found.filter(({ data }) => data.length > 0)
  } catch {
    io.signal.throwIfAborted()
    return []
  }
}

/** Each name server of the zone with its addresses as the zone or a resolver gives them; empty when none could be asked. */
async function zoneNameServers(spec: DnsSpec, io: ReadIo): Promise<NameServer[]> {
  const [asked = primaryOf(spec)] = spec.servers
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

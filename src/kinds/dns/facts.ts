import { z } from 'zod'
import { kindOf } from '../kit/define-kind.ts'
import { dnsSpec } from './spec.ts'

const seenServer = z.object({
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
const seenByResolver = z.object({
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

export type SeenServer = z.infer<typeof seenServer>
export type SeenRecord = z.infer<typeof seenRecord>
export type SeenResolver = z.infer<typeof seenByResolver>
export type SeenAddress = z.infer<typeof seenAddress>
export type NameServer = z.infer<typeof nameServer>
export type Ttls = z.infer<typeof ttls>

export const dns = kindOf('dns', dnsSpec, {
  servers: { unit: '', value: z.array(seenServer) },
  primary: { unit: '', value: seenServer },
  /** Each record at each authoritative server. */
  records: { unit: '', value: z.array(seenRecord) },
  /** The highest of all records and servers. */
  ttlSeconds: { unit: 's', value: z.number() },
  /** The highest of all servers, since any of them may have filled a cache. Of the records that are there. */
  ttlByRecord: { unit: 's', value: ttls },
  serversDisagreeing: { unit: '', value: z.number() },
  secondariesBehind: { unit: '', value: z.number() },
  resolvers: { unit: '', value: z.array(seenByResolver) },
  /** Those that the zone itself names. */
  nameServers: { unit: '', value: z.array(nameServer) },
  /** Addresses at the planned names which the plan does not name. */
  otherAddresses: { unit: '', value: z.array(seenAddress) },
  /** Whether a change would be accepted. */
  update: { unit: '', value: z.object({ code: z.string(), detail: z.string() }) },
})
export type Spec = ReturnType<typeof dns.specOf>
export type Known = Parameters<Parameters<typeof dns.defineKind>[0]['findings']>[0]['facts']

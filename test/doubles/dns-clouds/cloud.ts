import type { DnsAnswer, DnsRecord } from '../../../src/model/io.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { ApiAnswer, ApiServer } from './api-server.ts'

/** One set as name servers give it: names and data as `DnsRecord` has them. */
export type ServedSet = { name: string; type: string; ttlSeconds: number; data: string[] }

export const zone = 'techcorp.test'
export const nameServer = { address: '192.0.2.53', port: 53 }

/** A cloud in memory behind a real HTTP server: what its API holds, and what its name servers give. */
export type Cloud = {
  server: ApiServer
  /** The plan's `update`, by what the credential is good for. */
  update: JsonObject
  wrongSecret: JsonObject
  withoutRight: JsonObject
  /** By reference. */
  secrets: Record<string, string>
  /** What its name servers give once everything has arrived. */
  sets(): ServedSet[]
  /** As another hand in the console would: served at once. */
  put(set: ServedSet): void
  /** How it says that there were too many requests. */
  limited(retrySeconds: number): ApiAnswer
}

/** Name servers of a cloud. While `frozen` they give what they gave, as they do until a change has reached them. */
export class CloudNameServers {
  #frozen: ServedSet[] | undefined
  readonly #cloud: Pick<Cloud, 'sets'>

  constructor(cloud: Pick<Cloud, 'sets'>) {
    this.#cloud = cloud
  }

  freeze(): void {
    this.#frozen = structuredClone(this.#cloud.sets())
  }

  thaw(): void {
    this.#frozen = undefined
  }

  sets(): ServedSet[] {
    return (this.#frozen ?? this.#cloud.sets()).toSorted((left, right) =>
      `${left.name} ${left.type}` < `${right.name} ${right.type}` ? -1 : 1,
    )
  }

  answer(name: string, type: string): DnsAnswer {
    const soa = 'ns1.cloud.example hostmaster.cloud.example 1 3600 900 86400 300'
    const records: DnsRecord[] =
      type === 'SOA'
        ? [{ name, type, ttlSeconds: 300, data: soa }]
        : this.sets()
            .filter(set => set.name === name && set.type === type)
            .flatMap(({ data, ttlSeconds }) => data.map(one => ({ name, type, ttlSeconds, data: one })))
    return { code: 'NOERROR', authoritative: true, records }
  }
}

export const withDot = (name: string): string => (name.endsWith('.') ? name : `${name}.`)
export const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase()

/** `data` of a set in the form of a zone file, and back. */
export const written = (type: string, data: string): string =>
  ['CNAME', 'PTR', 'MX'].includes(type) ? withDot(data) : data

/** Names without a final dot are relative to the zone, as in a zone file. */
export function asServed(type: string, value: string): string {
  const absolute = (name: string) => (name.endsWith('.') ? withoutDot(name) : `${name}.${zone}`)
  if (type === 'CNAME' || type === 'PTR') return absolute(value)
  if (type !== 'MX') return value
  const [preference, exchange = ''] = value.split(' ')
  return `${preference} ${absolute(exchange)}`
}

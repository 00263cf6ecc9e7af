import { z } from 'zod'
import type { ReadIo } from '../../../model/io.ts'
import { secretReference } from '../../kit/fields.ts'
import { endpoint as endpointSpec, inEnglish } from '../fields.ts'
import { bare, plannedData, type RecordType } from '../record-data.ts'
import { bySets, type Held, matchEntries, type Pair, type ZoneApi } from './by-set.ts'
import { type ApiClient, ApiRefusal, type ApiReply, apiClient, isExposed } from './http.ts'
import type { DnsProvider, ProviderCapabilities } from './provider.ts'

const unproven = { key: 'dns.unproven', values: { service: 'Cloudflare' } } as const

export const cloudflareSpec = z.strictObject({
  provider: z.literal('cloudflare').describe(`Cloudflare’s API. ${inEnglish(unproven)}`),
  token: secretReference().describe(
    'cloudflare: where the token is; it needs Zone Read and DNS Write for the zone',
  ),
  endpoint: endpointSpec,
})
type CloudflareUpdate = z.infer<typeof cloudflareSpec>

type CloudflareRecord = {
  id: string
  name: string
  type: string
  content: string
  /** 1: left to Cloudflare, which serves 300. */
  ttl: number
  priority?: number
  proxied?: boolean
}
const automaticTtlSeconds = 300

const capabilities: ProviderCapabilities = {
  // A batch is one transaction of its database; the name servers take each record by itself, within seconds.
  atomic: 'server',
  prerequisites: 'compared-before',
  publishes: 'later',
  minimumTtlSeconds: 60,
  secondsPerSet: 0.3,
  byHand: 'console',
}

export function cloudflare(update: CloudflareUpdate): DnsProvider {
  return {
    capabilities,
    unproven,
    names: zone => ({
      server: cloudflareBase(update),
      key: 'API token',
      reference: update.token,
      command: `dig ${bare(zone)} NS`,
    }),
    primary: undefined,
    exposed: isExposed(cloudflareBase(update)),
    ...bySets(recordsOf(update), capabilities),
  }
}

function recordsOf(update: CloudflareUpdate): ZoneApi<CloudflareRecord[]> {
  const client = cloudflareClient(update)
  const list = cloudflareList(update)
  const zoneIdOf = async (zone: string, io: ReadIo): Promise<string> => {
    // A token that may not see a zone is told of none.
    const [found] = (await list(io, '/zones', { name: bare(zone) })) as { id: string }[]
    if (found === undefined) throw new ApiRefusal('NOZONE', bare(zone))
    return found.id
  }
  return {
    async check(zone, io) {
      await zoneIdOf(zone, io)
    },
    async read(zone, sets, io) {
      const path = `/zones/${await zoneIdOf(zone, io)}/dns_records`
      const held: Held<CloudflareRecord[]>[] = []
      for (const { name, type } of sets) {
        const found = (await list(io, path, { 'name.exact': name, type })) as CloudflareRecord[]
        held.push(heldOf(found, name, type))
      }
      return held
    },
    async write(zone, pairs, io) {
      const path = `/zones/${await zoneIdOf(zone, io)}/dns_records/batch`
      await client(io, { method: 'POST', path, body: batchOf(pairs) })
    },
  }
}

function heldOf(found: CloudflareRecord[], name: string, type: string): Held<CloudflareRecord[]> {
  const own = found.filter(record => bare(record.name) === name && record.type === type)
  // Its visitors are given Cloudflare's own addresses; what the record says is then seen by nobody.
  if (own.some(({ proxied }) => proxied)) throw new ApiRefusal('PROXIED', `${name} ${type}`)
  const ttls = own.map(({ ttl }) => (ttl === 1 ? automaticTtlSeconds : ttl))
  const data = own.map(record => plannedData(type as RecordType, writtenOut(record), ''))
  return { name, type, ttlSeconds: Math.max(0, ...ttls), data, raw: own }
}

/** Names are absolute without the final dot there, and the preference of an MX stands beside it. */
function writtenOut({ type, content, priority }: CloudflareRecord): string {
  if (type === 'MX') return `${priority ?? 0} ${bare(content)}.`
  return type === 'CNAME' || type === 'PTR' ? `${bare(content)}.` : content
}

/** Deletes, then patches, then posts: in this order they are carried out, and all or none of them. */
export function batchOf(pairs: Pair<CloudflareRecord[]>[]) {
  const each = pairs.map(({ held, wanted }) => {
    const { name, type, ttlSeconds } = wanted
    const entries = held.raw.map(({ id }, index) => ({ id, data: held.data[index] as string }))
    const { kept, changed, added, removed } = matchEntries(type, entries, wanted.data)
    const asTheyAre =
      held.ttlSeconds === ttlSeconds ? new Map(held.raw.map(({ id, ttl }) => [id, ttl])) : undefined
    return {
      deletes: removed.map(id => ({ id })),
      patches: [...kept, ...changed].map(({ id, data }) => ({
        id,
        name,
        type,
        ...fieldsOf(type, data),
        ttl: asTheyAre?.get(id) ?? ttlSeconds,
      })),
      posts: added.map(data => ({ name, type, ...fieldsOf(type, data), ttl: ttlSeconds, proxied: false })),
    }
  })
  return {
    deletes: each.flatMap(({ deletes }) => deletes),
    patches: each.flatMap(({ patches }) => patches),
    posts: each.flatMap(({ posts }) => posts),
  }
}

function fieldsOf(type: string, data: string): { content: string; priority?: number } {
  if (type !== 'MX') return { content: data }
  const [preference, exchange = ''] = data.split(' ')
  return { content: exchange, priority: Number(preference) }
}

const cloudflareBase = ({ endpoint = 'https://api.cloudflare.com/client/v4' }: CloudflareUpdate): string =>
  endpoint

type Problem = { code: number; message: string; error_chain?: Problem[] }
type Envelope = {
  success: boolean
  errors?: Problem[]
  result: unknown
  result_info?: { page: number; total_pages?: number; count: number; per_page: number }
}

/** Gives the `result` within Cloudflare's envelope. */
function cloudflareClient(update: CloudflareUpdate): ApiClient {
  const client = envelopes(update)
  return async (io, request) => ((await client(io, request)) as Envelope | undefined)?.result
}

/** All pages of a list. */
function cloudflareList(update: CloudflareUpdate) {
  const client = envelopes(update)
  return async (io: ReadIo, path: string, query: Record<string, string>): Promise<unknown[]> => {
    const found: unknown[] = []
    for (let page = 1; ; page++) {
      const params = new URLSearchParams({ ...query, page: String(page), per_page: '100' })
      const answer = (await client(io, { method: 'GET', path: `${path}?${params}` })) as Envelope
      found.push(...(answer.result as unknown[]))
      if (page >= (answer.result_info?.total_pages ?? 1)) return found
    }
  }
}

function envelopes(update: CloudflareUpdate): ApiClient {
  const base = cloudflareBase(update)
  const client = apiClient({
    base,
    headers: async io => ({ authorization: `Bearer ${await io.secret(update.token)}` }),
    explain,
  })
  return async (io, request) => {
    const value = await client(io, request)
    const { success } = (value ?? {}) as Partial<Envelope>
    if (success === true) return value
    // 200 around a failure, or the page of something in between.
    throw new ApiRefusal('REJECTED', explain({ status: 200, value, text: '' }).detail)
  }
}

/** 9109 and 1000 say that the token is wrong, 10000 that it does not suffice; all of them may come with 403. */
function explain({ status, value, text }: ApiReply) {
  const { errors = [] } = (value ?? {}) as Partial<Envelope>
  const all = errors.flatMap(error => [error, ...(error.error_chain ?? [])])
  const detail = all.map(({ code, message }) => `${code} ${message}`).join('; ') || text
  const isUnknown = errors.some(({ code }) => [1000, 6003, 9106, 9109].includes(code))
  return status < 429 && isUnknown ? { detail, code: 'BADTOKEN' as const } : { detail }
}

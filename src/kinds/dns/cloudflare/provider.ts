import type { ReadIo } from '../../../model/io.ts'
import { bySets, type Held, type Pair, type ZoneApi } from '../api/by-sets.ts'
import { isExposed } from '../api/client.ts'
import { matchEntries } from '../api/match.ts'
import { ApiRefusal } from '../api/refusal.ts'
import { plannedData, type RecordType } from '../data.ts'
import { bare } from '../names.ts'
import type { DnsProvider, ProviderCapabilities } from '../provider.ts'
import { cloudflareBase, cloudflareClient, cloudflareList } from './client.ts'
import type { CloudflareUpdate } from './spec.ts'

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
  provenAgainst: 'documentation',
  byHand: 'console',
}

export function cloudflare(update: CloudflareUpdate): DnsProvider {
  return {
    capabilities,
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

import { z } from 'zod'
import type { ReadIo } from '../../../model/io.ts'
import { secretReference } from '../../kit/fields.ts'
import { apiUrl, server } from '../fields.ts'
import { bare, plannedData, type RecordType, zoneFileData } from '../record-data.ts'
import { bySets, type Held, type Pair, type ZoneApi } from './by-set.ts'
import { type ApiClient, ApiRefusal, apiClient, isExposed } from './http.ts'
import type { DnsProvider, ProviderCapabilities } from './provider.ts'

export const powerdnsSpec = z.strictObject({
  provider: z.literal('powerdns').describe('The HTTP API of PowerDNS Authoritative Server'),
  server: server
    .optional()
    .describe('The name server that shows a change first; default: the first of `servers`'),
  url: apiUrl.describe('powerdns: URL of its API, without /api/v1'),
  apiKey: secretReference().describe(
    'powerdns: reference to its `api-key` (`env:`, `file:`, `cmd:`); this key can change every zone of the server',
  ),
  serverId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, 'dns.spec.serverId')
    .default('localhost')
    .describe('powerdns: name of the server within its API'),
  fingerprint: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}:?){32}$/, 'dns.spec.fingerprint')
    .optional()
    .describe('powerdns: SHA-256 fingerprint of its API’s certificate, if no trusted authority signed it'),
})
type PowerdnsUpdate = z.infer<typeof powerdnsSpec>

type PdnsRecord = { content: string; disabled: boolean }
type PdnsSet = { name: string; type: string; ttl: number; records: PdnsRecord[] }
type PdnsZone = { kind: string; soa_edit_api?: string; rrsets?: PdnsSet[] }

const capabilities: ProviderCapabilities = {
  // PATCH is one transaction of the backend: a set that is refused leaves the others as they were.
  atomic: 'server',
  prerequisites: 'compared-before',
  // Its caches are emptied by the API; a server behind it with a database of its own may lag.
  publishes: 'later',
  minimumTtlSeconds: 0,
  secondsPerSet: 0,
  byHand: 'console',
}

export function powerdns(update: PowerdnsUpdate): DnsProvider {
  const { url, apiKey, serverId, fingerprint } = update
  const client = apiClient({
    base: `${url}/api/v1/servers/${serverId}`,
    headers: async io => ({ 'x-api-key': await io.secret(apiKey) }),
    explain: ({ value, text }) => ({ detail: (value as { error?: string } | undefined)?.error ?? text }),
    ...(fingerprint === undefined ? {} : { pinnedCertificateSha256: fingerprint }),
  })
  const { ask, change } = bySets(zonesOf(client), capabilities)
  return {
    capabilities,
    names: zone => ({
      server: url,
      key: serverId,
      reference: apiKey,
      command: `pdnsutil list-zone ${bare(zone)}`,
    }),
    primary: update.server,
    exposed: isExposed(url),
    ask,
    // The one key there is may do everything: reading with it has proven it, and a write would raise the serial.
    rehearse: ask,
    change,
  }
}

const zonesOf = (client: ApiClient): ZoneApi<PdnsRecord[]> => ({
  async check(zone, io) {
    const { kind, soa_edit_api: soaEdit } = await zoneOf(client, zone, io, false)
    if (/^(slave|secondary)$/i.test(kind)) throw new ApiRefusal('NOTPRIMARY', `kind ${kind}`)
    // Secondaries follow the serial: a change that does not raise it reaches none of them.
    if (!isNative(kind) && !soaEdit) throw new ApiRefusal('SERIALSTAYS', `kind ${kind}, soa_edit_api ""`)
  },
  async read(zone, sets, io) {
    const { rrsets = [] } = await zoneOf(client, zone, io, true)
    return sets.map(({ name, type }) => heldOf(rrsets, zone, name, type))
  },
  async write(zone, pairs, io) {
    const path = zonePath(zone)
    await client(io, { method: 'PATCH', path, body: { rrsets: pairs.map(rrsetOf) } })
    const { kind } = await zoneOf(client, zone, io, false)
    // It would tell its secondaries by itself within a minute.
    if (!isNative(kind)) await client(io, { method: 'PUT', path: `${path}/notify` })
  },
})

/** Natively replicated by its database: no secondary, no serial. */
const isNative = (kind: string): boolean => /^native$/i.test(kind)

const zonePath = (zone: string): string => `/zones/${encodeURIComponent(`${bare(zone)}.`)}`

async function zoneOf(client: ApiClient, zone: string, io: ReadIo, sets: boolean): Promise<PdnsZone> {
  const path = `${zonePath(zone)}?rrsets=${sets}`
  return (await client(io, { method: 'GET', path })) as PdnsZone
}

function heldOf(rrsets: PdnsSet[], zone: string, name: string, type: string): Held<PdnsRecord[]> {
  const found = rrsets.find(set => bare(set.name) === name && set.type === type)
  const records = found?.records ?? []
  const served = records.filter(({ disabled }) => !disabled)
  return {
    name,
    type,
    ttlSeconds: found?.ttl ?? 0,
    data: served.map(({ content }) => plannedData(type as RecordType, content, zone)),
    raw: records,
  }
}

/** What is switched off stays there, and switched off. */
function rrsetOf({ held, wanted }: Pair<PdnsRecord[]>) {
  const { name, type, ttlSeconds } = wanted
  const off = held.raw.filter(({ disabled }) => disabled)
  const on = wanted.data.map(content => ({ content: zoneFileData(type, content), disabled: false }))
  const records = [...on, ...off]
  const set = { name: `${name}.`, type }
  if (records.length === 0) return { ...set, changetype: 'DELETE' }
  return { ...set, changetype: 'REPLACE', ttl: ttlSeconds, records }
}

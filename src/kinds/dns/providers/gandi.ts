import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { endpoint as endpointSpec, inEnglish } from '../fields.ts'
import { bare, plannedData, type RecordType, zoneFileData } from '../record-data.ts'
import { bySets, type Held, relativeName, type ZoneApi } from './by-set.ts'
import { type ApiClient, type ApiReply, apiClient, isExposed } from './http.ts'
import type { DnsProvider, ProviderCapabilities } from './provider.ts'

const unproven = { key: 'dns.unproven', values: { service: 'Gandi' } } as const

export const gandiSpec = z.strictObject({
  provider: z.literal('gandi').describe(`Gandi LiveDNS. ${inEnglish(unproven)}`),
  token: secretReference().describe(
    'gandi, cloudflare: reference to the token (`env:`, `file:`, `cmd:`); dns-providers.md lists the rights that it needs',
  ),
  endpoint: endpointSpec,
})
type GandiUpdate = z.infer<typeof gandiSpec>

type GandiSet = { rrset_name: string; rrset_type: string; rrset_ttl: number; rrset_values: string[] }

const capabilities: ProviderCapabilities = {
  /*
   * One request could replace the whole zone, with what others changed in it since it was read. Set by set, nothing is
   * touched that is not the plan's.
   */
  atomic: 'none',
  prerequisites: 'compared-before',
  publishes: 'later',
  minimumTtlSeconds: 300,
  secondsPerSet: 0.5,
  byHand: 'console',
}

export function gandi({ token, endpoint = 'https://api.gandi.net/v5' }: GandiUpdate): DnsProvider {
  const client = apiClient({
    base: `${endpoint}/livedns`,
    headers: async io => ({ authorization: `Bearer ${await io.secret(token)}` }),
    explain,
  })
  return {
    capabilities,
    unproven,
    names: zone => ({
      server: endpoint,
      key: 'LiveDNS',
      reference: token,
      command: `dig ${bare(zone)} NS`,
    }),
    primary: undefined,
    exposed: isExposed(endpoint),
    ...bySets(setsOf(client), capabilities),
  }
}

/** `{"code": 403, "object": "HTTPForbidden", "cause": "Forbidden", "message": "…"}`; a body that is wrong gives `errors`. */
function explain({ value, text }: ApiReply) {
  type Refusal = { message?: string; errors?: { name?: string; description?: string }[] }
  const { message, errors = [] } = (value ?? {}) as Refusal
  const each = errors.map(({ name, description }) => `${name ?? ''}: ${description ?? ''}`)
  return { detail: [message ?? (each.length > 0 ? '' : text), ...each].filter(Boolean).join('; ') }
}

const setsOf = (client: ApiClient): ZoneApi<GandiSet | undefined> => ({
  async check(zone, io) {
    await client(io, { method: 'GET', path: `/domains/${bare(zone)}` })
  },
  async read(zone, sets, io) {
    const held: Held<GandiSet | undefined>[] = []
    for (const { name, type } of sets) {
      const request = { method: 'GET', path: setPath(zone, name, type), missing: true } as const
      const found = (await client(io, request)) as GandiSet | undefined
      const data = (found?.rrset_values ?? []).map(value =>
        plannedData(type as RecordType, value, bare(zone)),
      )
      held.push({ name, type, ttlSeconds: found?.rrset_ttl ?? 0, data, raw: found })
    }
    return held
  },
  async write(zone, pairs, io) {
    for (const { wanted } of pairs) {
      const { name, type, ttlSeconds, data } = wanted
      const path = setPath(zone, name, type)
      const body = { rrset_ttl: ttlSeconds, rrset_values: data.map(value => zoneFileData(type, value)) }
      if (data.length === 0) await client(io, { method: 'DELETE', path })
      else await client(io, { method: 'PUT', path, body })
    }
  },
})

const setPath = (zone: string, name: string, type: string): string =>
  `/domains/${bare(zone)}/records/${encodeURIComponent(relativeName(name, bare(zone), '@'))}/${type}`

import type { ReadIo } from '../../../model/io.ts'
import { bare, plannedData, type RecordType, zoneFileData } from '../record-data.ts'
import { bySets, type Held, matchEntries, type Pair, relativeName, type ZoneApi } from './by-set.ts'
import { type ApiClient, ApiRefusal, isExposed } from './http.ts'
import { type OvhUpdate, ovhBase, ovhClient, unproven } from './ovh-client.ts'
import type { DnsProvider, ProviderCapabilities } from './provider.ts'

type OvhRecord = {
  id: number
  zone: string
  subDomain: string
  fieldType: string
  target: string
  /** 0: the zone's default. */
  ttl: number
}

const capabilities: ProviderCapabilities = {
  // Nothing is served before the zone is refreshed, which is the last request of a change.
  atomic: 'staged',
  prerequisites: 'compared-before',
  publishes: 'later',
  minimumTtlSeconds: 60,
  secondsPerSet: 1,
  byHand: 'console',
}

export function ovh(update: OvhUpdate): DnsProvider {
  const client = ovhClient(update)
  return {
    capabilities,
    unproven,
    names: zone => ({
      server: ovhBase(update),
      key: update.applicationKey,
      reference: `${update.applicationSecret}, ${update.consumerKey}`,
      command: `dig ${bare(zone)} NS`,
    }),
    primary: undefined,
    exposed: isExposed(ovhBase(update)),
    ...bySets(recordsOf(client), capabilities),
  }
}

/** Record by record; nothing of it is served before the zone is refreshed. */
const recordsOf = (client: ApiClient): ZoneApi<OvhRecord[]> => ({
  async check(zone, io) {
    await checkRights(client, bare(zone), io)
    await client(io, { method: 'GET', path: zonePath(zone) })
  },
  async read(zone, sets, io) {
    const held: Held<OvhRecord[]>[] = []
    for (const { name, type } of sets) held.push(await heldOf(client, zone, name, type, io))
    return held
  },
  async write(zone, pairs, io) {
    for (const pair of pairs) await writeSet(client, zone, pair, io)
  },
  async publish(zone, io) {
    await client(io, { method: 'POST', path: `${zonePath(zone)}/refresh` })
  },
})

const zonePath = (zone: string): string => `/domain/zone/${bare(zone)}`

/** OVH has types of its own for texts of a known use; in DNS they are all TXT. */
const fieldTypes = (type: string): string[] => (type === 'TXT' ? ['TXT', 'SPF', 'DKIM', 'DMARC'] : [type])

async function heldOf(
  client: ApiClient,
  zone: string,
  name: string,
  type: string,
  io: ReadIo,
): Promise<Held<OvhRecord[]>> {
  const subDomain = relativeName(name, bare(zone), '')
  const found: OvhRecord[] = []
  for (const fieldType of fieldTypes(type)) {
    const query = new URLSearchParams({ fieldType, subDomain })
    const path = `${zonePath(zone)}/record`
    const ids = (await client(io, { method: 'GET', path: `${path}?${query}` })) as number[]
    for (const id of ids)
      found.push((await client(io, { method: 'GET', path: `${path}/${id}` })) as OvhRecord)
  }
  // An empty subDomain is the zone itself; should the filter take it for none at all, the others go here.
  const own = found.filter(record => record.subDomain === subDomain)
  const ttls = own.map(({ ttl }) => ttl)
  const highest = Math.max(0, ...ttls)
  return {
    name,
    type,
    ttlSeconds: own.length > 0 && highest === 0 ? await defaultTtl(client, zone, io) : highest,
    data: own.map(({ target }) => plannedData(type as RecordType, target, bare(zone))),
    raw: own,
  }
}

async function defaultTtl(client: ApiClient, zone: string, io: ReadIo): Promise<number> {
  const { ttl } = (await client(io, { method: 'GET', path: `${zonePath(zone)}/soa` })) as { ttl: number }
  return ttl
}

async function writeSet(
  client: ApiClient,
  zone: string,
  { held, wanted }: Pair<OvhRecord[]>,
  io: ReadIo,
): Promise<void> {
  const { type, ttlSeconds: ttl } = wanted
  const path = `${zonePath(zone)}/record`
  const entries = held.raw.map(({ id }, index) => ({ id: String(id), data: held.data[index] as string }))
  const { kept, changed, added, removed } = matchEntries(type, entries, wanted.data)
  const subDomain = relativeName(held.name, bare(zone), '')
  const put = (id: string, target: string, seconds = ttl) =>
    client(io, { method: 'PUT', path: `${path}/${id}`, body: { subDomain, target, ttl: seconds } })
  // What comes is there before what it takes the place of goes.
  for (const data of added)
    await client(io, {
      method: 'POST',
      path,
      body: { fieldType: type, subDomain, target: zoneFileData(type, data), ttl },
    })
  for (const { id, data } of changed) await put(id, zoneFileData(type, data))
  for (const { id } of kept) {
    // As it is written there: a name may stand relative to the zone, and 0 for its TTL.
    const record = held.raw.find(one => String(one.id) === id)
    if (record) await put(id, record.target, held.ttlSeconds === ttl ? record.ttl : ttl)
  }
  for (const id of removed) await client(io, { method: 'DELETE', path: `${path}/${id}` })
}

type Rule = { method: string; path: string }

/** What a change may take. Adding and removing records is needed where a name gets more or fewer values. */
export const neededRules = (zone: string): Rule[] => [
  { method: 'GET', path: `/domain/zone/${zone}/record/1` },
  { method: 'PUT', path: `/domain/zone/${zone}/record/1` },
  { method: 'POST', path: `/domain/zone/${zone}/record` },
  { method: 'DELETE', path: `/domain/zone/${zone}/record/1` },
  { method: 'POST', path: `/domain/zone/${zone}/refresh` },
]

/** A consumer key says itself what it may: so a right that is wanting is found by reading. Throws ApiRefusal. */
export async function checkRights(client: ApiClient, zone: string, io: ReadIo): Promise<void> {
  const credential = (await ownCredential(client, io)) as { rules?: Rule[] } | undefined
  if (credential?.rules === undefined) return
  const missing = neededRules(zone).filter(needed => !credential.rules?.some(rule => covers(rule, needed)))
  if (missing.length > 0)
    throw new ApiRefusal('FORBIDDEN', missing.map(({ method, path }) => `${method} ${path}`).join(', '))
}

/** Undefined where even this call is not granted: then the changes themselves will tell. */
async function ownCredential(client: ApiClient, io: ReadIo): Promise<unknown> {
  try {
    return await client(io, { method: 'GET', path: '/auth/currentCredential' })
  } catch (error) {
    if (error instanceof ApiRefusal && error.answer.code === 'FORBIDDEN') return undefined
    throw error
  }
}

/** `*` in a rule stands for anything, slashes too. */
export function covers(rule: Rule, { method, path }: Rule): boolean {
  const pattern = rule.path.split('*').map(RegExp.escape).join('.*')
  return rule.method === method && new RegExp(`^${pattern}$`).test(path)
}

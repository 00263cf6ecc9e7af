import type { ReadIo } from '../../model/io.ts'
import { deepestMessage } from '../kit/cause.ts'
import { every, until } from '../kit/until.ts'
import type { ServerAddress } from './fields.ts'
import { primaryOf } from './providers/index.ts'
import { sameData } from './record-data.ts'
import { type DnsSpec, type PlannedRecord, recordsOf } from './spec.ts'

/** What one server says of one record set. `data` is empty when it has none. */
type Said = { code: string; authoritative: boolean; ttlSeconds: number; data: string[] }
/**
 * By record key. `silence` says why nothing was heard; `said` is then empty. `serial` is absent where the server has no
 * such zone; `code` is what it answered when it was asked for the serial.
 */
export type View = {
  server: string
  serial?: number
  code?: string
  said: Record<string, Said>
  silence?: string
}

export const addressOf = ({ address, port }: ServerAddress): string => `${address}:${port}`

/** Asks an authoritative server for the zone's serial and every record, without recursion. */
export async function viewOf(
  server: ServerAddress,
  zone: string,
  records: PlannedRecord[],
  io: ReadIo,
): Promise<View> {
  return heard(server, io, async () => {
    const [soa, ...said] = await Promise.all([
      io.dns(server, zone, 'SOA'),
      ...records.map(record => say(server, record, io, {})),
    ])
    const data = soa.records.find(({ type }) => type === 'SOA')?.data
    // "ns1.example. admin.example. 2026112201 3600 …"
    const serial = data === undefined ? {} : { serial: Number(data.split(' ')[2]) }
    return { ...serial, code: soa.code, said: byKey(records, said) }
  })
}

/** Asks a caching resolver, as its users do. */
export async function resolverView(
  server: ServerAddress,
  records: PlannedRecord[],
  io: ReadIo,
): Promise<View> {
  return heard(server, io, async () => {
    const said = await Promise.all(records.map(record => say(server, record, io, { recurse: true })))
    return { said: byKey(records, said) }
  })
}

async function heard(
  server: ServerAddress,
  io: ReadIo,
  ask: () => Promise<Omit<View, 'server'>>,
): Promise<View> {
  try {
    return { server: addressOf(server), ...(await ask()) }
  } catch (error) {
    io.signal.throwIfAborted()
    return { server: addressOf(server), said: {}, silence: deepestMessage(error) }
  }
}

async function say(
  server: ServerAddress,
  record: PlannedRecord,
  io: ReadIo,
  options: { recurse?: boolean },
): Promise<Said> {
  const { code, authoritative, records } = await io.dns(server, record.name, record.type, options)
  const own = records.filter(({ name, type }) => type === record.type && name === record.name)
  return {
    code,
    authoritative,
    ttlSeconds: Math.max(0, ...own.map(({ ttlSeconds }) => ttlSeconds)),
    data: own.map(({ data }) => data).sort(),
  }
}

const byKey = (records: PlannedRecord[], said: Said[]): Record<string, Said> =>
  Object.fromEntries(records.map((record, index) => [record.key, said[index] as Said]))

/** Serves exactly these data, with authority. */
export const servesExactly = (view: View, record: PlannedRecord, data: string[]): boolean => {
  const said = view.said[record.key]
  return said?.authoritative === true && sameData(record.type, said.data, data)
}

/** In a few words, for a sentence: "10.80.4.11 (TTL 60)", "NXDOMAIN", "no answer". */
export function inWords(view: View, record: PlannedRecord): string {
  const said = view.said[record.key]
  if (!said) return view.silence === undefined ? '-' : `(${view.silence})`
  if (said.data.length === 0) return said.code
  return `${said.data.join(', ')} (TTL ${said.ttlSeconds})`
}

/** The zone at the server that takes the changes and at every server that gives answers; that one may be among these. */
export type Zone = { primary: View; servers: View[] }

/** One more look may find a transfer ended that the look before met on its way. */
const looks = 3

export async function lookAtZone(spec: DnsSpec, io: ReadIo, records = recordsOf(spec)): Promise<Zone> {
  const primary = primaryOf(spec)
  const isListed = spec.servers.some(server => addressOf(server) === addressOf(primary))
  const asked = isListed ? spec.servers : [...spec.servers, primary]
  const views = await Promise.all(asked.map(server => viewOf(server, spec.zone, records, io)))
  const found = views.find(({ server }) => server === addressOf(primary)) as View
  return { primary: found, servers: views.slice(0, spec.servers.length) }
}

/** The same, once what is on its way from the primary to the others has had a moment to arrive. */
export function lookAtSettledZone(spec: DnsSpec, io: ReadIo): Promise<Zone> {
  const settled = async () => {
    const zone = await lookAtZone(spec, io)
    const isSettled = !zone.servers.some(view => isElsewhere(view, zone.primary))
    return isSettled ? { done: zone } : { waiting: zone }
  }
  return until(io, settled, { looks, ...every(1), otherwise: zone => ({ done: zone }) })
}

/** Answers, and does not hold the zone as the primary does. */
export const isElsewhere = (view: View, { serial }: View): boolean =>
  view.silence === undefined && serial !== undefined && view.serial !== serial

/** Serials go round (RFC 1982): behind by less than half the circle. No zone at all is behind every serial. */
export function isBehind(serial: number | undefined, other: number | undefined): boolean {
  if (other === undefined || serial === other) return false
  return serial === undefined || (other - serial) >>> 0 < 2 ** 31
}

/** "10.80.4.55:53: serial 7, 10.80.4.54:53 has 9"; for sentences of both languages. */
export function stepInWords(view: View, primary: View): string {
  if (view.silence !== undefined) return `${view.server}: (${view.silence})`
  const serial = view.serial === undefined ? `(${view.code ?? '-'})` : `SOA ${view.serial}`
  return `${view.server}: ${serial} ≠ ${primary.serial ?? '-'} (${primary.server})`
}

export const recordInWords = ({ view, record }: { view: View; record: PlannedRecord }): string =>
  `${view.server} ${record.key}: ${inWords(view, record)}`

/** Servers that are silent, have no authority, hold another zone than the primary, or do not say what it says. */
export function disagreeing({ primary, servers }: Zone, records: PlannedRecord[]): View[] {
  const reference =
    primary.silence === undefined ? primary : servers.find(({ silence }) => silence === undefined)
  const agrees = (view: View, { key, type }: PlannedRecord) => {
    const said = view.said[key]
    return said?.authoritative === true && sameData(type, said.data, reference?.said[key]?.data ?? [])
  }
  return servers.filter(
    view =>
      view.silence !== undefined ||
      isElsewhere(view, primary) ||
      !records.every(record => agrees(view, record)),
  )
}

/** Servers whose zone is not the one that the primary has, those included that are silent or have none. */
export const behind = ({ primary, servers }: Zone): View[] =>
  servers.filter(view => view.silence !== undefined || isElsewhere(view, primary))

export const highestTtl = (views: View[], key?: string): number =>
  Math.max(
    0,
    ...views.flatMap(({ said }) =>
      Object.entries(said).map(([record, { ttlSeconds }]) =>
        key === undefined || key === record ? ttlSeconds : 0,
      ),
    ),
  )

/** Of the records that are there. */
export const ttlByRecord = (views: View[], records: PlannedRecord[]): Record<string, number> =>
  Object.fromEntries(
    records
      .filter(({ key }) => views.some(({ said }) => (said[key]?.data.length ?? 0) > 0))
      .map(({ key }) => [key, highestTtl(views, key)]),
  )

import type { ReadIo } from '../../model/io.ts'
import { sameData } from './data.ts'
import type { PlannedRecord } from './records.ts'
import type { ServerAddress } from './spec.ts'

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

/** Says exactly this, as one who has authority over it. */
export const says = (view: View, record: PlannedRecord, data: string[]): boolean => {
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

/** What the network said: the failure around it names the server, which the sentence does already. */
function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'timeout'
  return error.cause instanceof Error ? deepestMessage(error.cause) : error.message
}

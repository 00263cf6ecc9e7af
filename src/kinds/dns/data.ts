import { absoluteName, bare } from './names.ts'
import { txtBytes, txtData } from './txt.ts'

/** The types of records that can be moved. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'PTR', 'MX', 'TXT'] as const
export type RecordType = (typeof recordTypes)[number]

/**
 * What the plan says as `DnsRecord.data` says it: names absolute without the final dot, `10 mail.example` for MX,
 * `"one" "two"` for TXT.
 */
export function plannedData(type: RecordType, value: string, zone: string): string {
  switch (type) {
    case 'CNAME':
    case 'PTR':
      return absoluteName(value, zone)
    case 'MX': {
      const [preference, exchange = ''] = value.trim().split(/\s+/)
      return `${Number(preference)} ${exchange === '.' ? '.' : absoluteName(exchange, zone)}`
    }
    case 'TXT':
      return txtData(value)
    default:
      return value
  }
}

/** `DnsRecord.data` as a zone file has it: names absolute with the final dot. For nsupdate, and for APIs that want it so. */
export function zoneFileData(type: string, data: string): string {
  if (type === 'CNAME' || type === 'PTR' || type === 'MX') return data.endsWith('.') ? data : `${data}.`
  return data
}

/** Data of a type as the same text, however it was written: `2001:DB8::0:1` and `2001:db8::1` are one address. */
export function plainData(type: string, data: string): string {
  switch (type) {
    case 'AAAA':
      return URL.canParse(`http://[${data}]`) ? new URL(`http://[${data}]`).hostname.slice(1, -1) : data
    case 'CNAME':
    case 'PTR':
      return bare(data)
    case 'MX': {
      const [preference, exchange = ''] = data.trim().split(/\s+/)
      return `${Number(preference)} ${bare(exchange)}`
    }
    case 'TXT':
      return txtBytes(data).toString('hex')
    default:
      return data
  }
}

/** The same set: neither the order of the values counts, nor how each is written. */
export function sameData(type: string, left: readonly string[], right: readonly string[]): boolean {
  const plain = (values: readonly string[]) => values.map(value => plainData(type, value)).sort()
  return JSON.stringify(plain(left)) === JSON.stringify(plain(right))
}

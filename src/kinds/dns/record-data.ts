import { quotedString } from '../../transport/dns-records.ts'

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

/** Absolute, in lower case, without the final dot: the form in which names are compared. */
export function absoluteName(name: string, zone: string): string {
  const bareZone = bare(zone)
  if (name === '@') return bareZone
  return name.endsWith('.') ? bare(name) : `${name.toLowerCase()}.${bareZone}`
}

export const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** A record holds strings of at most 255 bytes each; those who read it read them as one text. */
const longestString = 255

/** `"one" "two"`, as zone files and `DnsRecord.data` have it; `\"` and `\DDD` stand for a byte. */
const zoneForm = /^\s*"(\\\d{3}|\\[^\d]|[^"\\])*"(\s+"(\\\d{3}|\\[^\d]|[^"\\])*")*\s*$/

/**
 * The text as zone files write it. What is written so already stays, strings and all; a plain text is cut into strings
 * of 255 bytes.
 */
export function txtData(value: string): string {
  if (zoneForm.test(value)) return value.trim()
  const bytes = Buffer.from(value)
  const strings: string[] = []
  for (let at = 0; at < bytes.length || at === 0; at += longestString)
    strings.push(quotedString(bytes.subarray(at, at + longestString)))
  return strings.join(' ')
}

/** The bytes of all strings as one, of either form. Two records with the same text may have it cut differently. */
export function txtBytes(value: string): Buffer {
  if (!zoneForm.test(value)) return Buffer.from(value)
  const strings = value.match(/"(\\\d{3}|\\[^\d]|[^"\\])*"/g) ?? []
  return Buffer.concat(strings.map(bytesOf))
}

/** The longest single string, in bytes; more than 255 fit no record. */
export const longestOf = (value: string): number =>
  Math.max(0, ...(txtData(value).match(/"(\\\d{3}|\\[^\d]|[^"\\])*"/g) ?? []).map(one => bytesOf(one).length))

function bytesOf(quotedString: string): Buffer {
  const parts = quotedString.slice(1, -1).match(/\\\d{3}|\\[^\d]|[^\\]+/g) ?? []
  return Buffer.concat(
    parts.map(part => {
      if (/^\\\d/.test(part)) return Buffer.from([Number(part.slice(1))])
      return Buffer.from(part.startsWith('\\') ? part.slice(1) : part)
    }),
  )
}

import type { Answer } from 'dns-packet'
import type { DnsRecord } from '../model/io.ts'

/** A record with its data as zone files write it, names in them without the final dot; its own name in lower case. */
export function dnsRecord(answer: Answer): DnsRecord {
  const { name, type, ttl, data } = answer as { name: string; type: string; ttl?: number; data?: unknown }
  return { name: nameText(name).toLowerCase(), type, ttlSeconds: ttl ?? 0, data: dataText(type, data) }
}

function dataText(type: string, data: unknown): string {
  const fields = data as Record<string, unknown>
  switch (type) {
    case 'A':
    case 'AAAA':
      return String(data)
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return nameText(String(data))
    case 'TXT':
      return [data]
        .flat()
        .map(one => quotedString(Buffer.from(one as Buffer)))
        .join(' ')
    case 'MX':
      return pick(fields, ['preference', 'exchange'])
    case 'SRV':
      return pick(fields, ['priority', 'weight', 'port', 'target'])
    case 'SOA':
      return pick(fields, ['mname', 'rname', 'serial', 'refresh', 'retry', 'expire', 'minimum'])
    case 'CAA':
      return `${pick(fields, ['flags', 'tag'])} ${quotedString(Buffer.from(String(fields.value)))}`
    default:
      return Buffer.isBuffer(data) ? data.toString('hex') : JSON.stringify(data)
  }
}

/**
 * A name as zone files write it (RFC 1035, 5.1): a label may hold any byte, and what is read here becomes a part of a line for
 * nsupdate. A line break in it would begin a line of its own.
 */
function nameText(name: string): string {
  return [...Buffer.from(name)]
    .map(byte => (/[\w.*/+-]/.test(character(byte)) ? character(byte) : escaped(byte)))
    .join('')
}

/** A string of a TXT record, whose borders are part of the data. Only printable ASCII as itself: it becomes a part of a line, too. */
export function quotedString(bytes: Buffer): string {
  const written = [...bytes].map(byte => {
    if (character(byte) === '"' || character(byte) === '\\') return `\\${character(byte)}`
    return byte < 32 || byte > 126 ? escaped(byte) : character(byte)
  })
  return `"${written.join('')}"`
}

const character = (byte: number): string => String.fromCharCode(byte)
const escaped = (byte: number): string => `\\${String(byte).padStart(3, '0')}`

const pick = (fields: Record<string, unknown>, names: string[]): string =>
  names.map(name => nameText(String(fields[name]))).join(' ')

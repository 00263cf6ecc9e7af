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
        .map(one => quoted(Buffer.from(one as Buffer)))
        .join(' ')
    case 'MX':
      return pick(fields, ['preference', 'exchange'])
    case 'SRV':
      return pick(fields, ['priority', 'weight', 'port', 'target'])
    case 'SOA':
      return pick(fields, ['mname', 'rname', 'serial', 'refresh', 'retry', 'expire', 'minimum'])
    case 'CAA':
      return `${pick(fields, ['flags', 'tag'])} ${quoted(Buffer.from(String(fields.value)))}`
    default:
      return Buffer.isBuffer(data) ? data.toString('hex') : JSON.stringify(data)
  }
}

/**
 * A name as zone files write it (RFC 1035, 5.1): a label may hold any byte, and what is read here becomes a part of a line for
 * nsupdate. A line break in it would begin a line of its own.
 */
function nameText(name: string): string {
  const written = [...Buffer.from(name)].map(byte => {
    const character = String.fromCharCode(byte)
    return /[\w.*/+-]/.test(character) ? character : `\\${String(byte).padStart(3, '0')}`
  })
  return written.join('')
}

/** One string of a TXT record: the strings' borders are part of the data, and bytes may be anything. */
function quoted(bytes: Buffer): string {
  const escaped = [...bytes].map(byte => {
    const character = String.fromCharCode(byte)
    if (character === '"' || character === '\\') return `\\${character}`
    return byte < 32 || byte > 126 ? `\\${String(byte).padStart(3, '0')}` : character
  })
  return `"${escaped.join('')}"`
}

const pick = (fields: Record<string, unknown>, names: string[]): string =>
  names.map(name => nameText(String(fields[name]))).join(' ')

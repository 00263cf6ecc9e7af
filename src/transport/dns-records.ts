import type { Answer } from 'dns-packet'
import type { DnsRecord } from '../model/io.ts'

/** A record with its data as zone files write it, names in them without the final dot; its own name in lower case. */
export function dnsRecord(answer: Answer): DnsRecord {
  const { name, type, ttl, data } = answer as { name: string; type: string; ttl?: number; data?: unknown }
  return { name: name.toLowerCase(), type, ttlSeconds: ttl ?? 0, data: dataText(type, data) }
}

function dataText(type: string, data: unknown): string {
  const fields = data as Record<string, unknown>
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return String(data)
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
      return pick(fields, ['flags', 'tag', 'value'])
    default:
      return Buffer.isBuffer(data) ? data.toString('hex') : JSON.stringify(data)
  }
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
  names.map(name => String(fields[name])).join(' ')

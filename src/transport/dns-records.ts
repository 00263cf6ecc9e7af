import type { Answer } from 'dns-packet'
import type { DnsRecord } from '../model/io.ts'

/** A record with its data as zone files write it; names without the final dot, in lower case. */
export function dnsRecord(answer: Answer): DnsRecord {
  const { name, type, ttl, data } = answer as { name: string; type: string; ttl?: number; data?: unknown }
  return { name: name.toLowerCase(), type, ttlSeconds: ttl ?? 0, data: dataText(type, data) }
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
      return String(data).toLowerCase()
    case 'TXT':
      return (Array.isArray(data) ? data : [data]).map(String).join('')
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

const pick = (fields: Record<string, unknown>, names: string[]): string =>
  names.map(name => String(fields[name])).join(' ')

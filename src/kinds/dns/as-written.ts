import type { Facts } from '../../model/fact.ts'
import type { SeenRecord, SeenServer } from './audit.ts'
import { recordsOf } from './records.ts'
import type { DnsSpec } from './spec.ts'

/** By record key: data as `DnsRecord.data` has them, and the TTL in seconds. */
export type AsWritten = Record<string, { data: string[]; ttlSeconds: number }>

/**
 * What the plan alone would not bring back to the byte: a text cut into other strings than the program would, letters of
 * another case, the TTL of a record that the switch takes away.
 */
export function asWritten(spec: DnsSpec, facts: Facts): AsWritten {
  const primary = (facts.primary?.value as SeenServer | undefined)?.server
  const seen = (facts.records?.value ?? []) as SeenRecord[]
  const sets = recordsOf(spec).flatMap(({ key, source, target }) => {
    const found = seen.filter(({ record, data }) => record === key && data.length > 0)
    const one = found.find(({ server }) => server === primary) ?? found[0]
    if (!one) return []
    const { data, ttlSeconds } = one
    const isAsPlanned = JSON.stringify(data) === JSON.stringify(source.toSorted())
    return isAsPlanned && target.length > 0 ? [] : [[key, { data, ttlSeconds }] as const]
  })
  return Object.fromEntries(sets)
}

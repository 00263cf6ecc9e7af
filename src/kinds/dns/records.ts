import { plannedData, type RecordType } from './data.ts'
import { absoluteName } from './names.ts'
import type { DnsSpec } from './spec.ts'

/**
 * One record set of the plan, its data as `DnsRecord.data` has them; none on the side where it is not there. `key` names it
 * in facts, results and sentences: `auth.techcorp.test A`.
 */
export type PlannedRecord = {
  key: string
  name: string
  type: RecordType
  source: string[]
  target: string[]
}

export function recordsOf(spec: DnsSpec): PlannedRecord[] {
  return spec.records.map(({ name, type, source, target }) => {
    const absolute = absoluteName(name, spec.zone)
    const data = (value: string | string[]) => [value].flat().map(one => plannedData(type, one, spec.zone))
    return { key: `${absolute} ${type}`, name: absolute, type, source: data(source), target: data(target) }
  })
}

/** The zone as people tell it from its namesakes. */
export const zoneTitle = ({ zone, view }: DnsSpec): string =>
  view === undefined ? zone : `${zone} (${view})`

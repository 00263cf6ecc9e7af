import { absoluteName } from './names.ts'
import type { DnsSpec } from './spec.ts'

/** One record set of the plan. `key` names it in facts, results and sentences: `auth.techcorp.test A`. */
export type PlannedRecord = {
  key: string
  name: string
  type: 'A' | 'AAAA' | 'CNAME'
  source: string[]
  target: string[]
}

export function recordsOf(spec: DnsSpec): PlannedRecord[] {
  return spec.records.map(({ name, type, source, target }) => {
    const absolute = absoluteName(name, spec.zone)
    const data = (value: string | string[]) =>
      [value].flat().map(one => (type === 'CNAME' ? absoluteName(one, spec.zone) : one))
    return { key: `${absolute} ${type}`, name: absolute, type, source: data(source), target: data(target) }
  })
}

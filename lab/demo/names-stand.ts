import { sameData } from '../../src/kinds/dns/record-data.ts'
import { type DnsSpec, dnsSpec, type PlannedRecord, recordsOf } from '../../src/kinds/dns/spec.ts'
import type { Plan } from '../../src/model/plan.ts'
import { zoneAsHeld } from '../faults/names.ts'
import { internalPort } from '../names/zones.ts'
import type { Lab } from '../types.ts'

/** Of the record sets that the plan moves, how many say exactly the source's data and how many the target's. */
export type NamesStand = { records: number; atSource: number; atTarget: number }

/** Asks the authoritative servers for their zones, on their own host: neither a cache nor Bascule's eyes are in between. */
export async function readNames(lab: Lab, plan: Plan): Promise<NamesStand> {
  const stands = await Promise.all(
    Object.values(plan.components).flatMap(({ spec }) => {
      const read = dnsSpec.safeParse(spec)
      return read.success ? [standInZone(lab, read.data)] : []
    }),
  )
  return stands.reduce(added, { records: 0, atSource: 0, atTarget: 0 })
}

async function standInZone(lab: Lab, spec: DnsSpec): Promise<NamesStand> {
  const isInside = spec.servers.some(({ port }) => port === internalPort)
  const moving = recordsOf(spec).filter(({ type, source, target }) => !sameData(type, source, target))
  return standOf(moving, await zoneAsHeld(lab, isInside ? 'internal' : 'external', spec.zone))
}

const added = (one: NamesStand, other: NamesStand): NamesStand => ({
  records: one.records + other.records,
  atSource: one.atSource + other.atSource,
  atTarget: one.atTarget + other.atTarget,
})

/** `zone`: as `knotc zone-read` prints it, `[zone.] owner. ttl type data` on each line. */
export function standOf(records: readonly PlannedRecord[], zone: string): NamesStand {
  const lines = zone.split('\n').map(line => line.trim().split(/\s+/))
  const dataOf = ({ name, type }: PlannedRecord) =>
    lines
      .filter(line => line[1]?.toLowerCase() === `${name}.` && line[3] === type)
      .map(line => line.slice(4).join(' '))
  const saying = (side: 'source' | 'target') =>
    records.filter(record => sameData(record.type, dataOf(record), record[side])).length
  return { records: records.length, atSource: saying('source'), atTarget: saying('target') }
}

/** Moved: all at the target. Otherwise users belong at the source, and all must be there. */
export const namesAreRight = (outcome: string, { records, atSource, atTarget }: NamesStand): boolean =>
  records > 0 && (outcome === 'moved' ? atTarget : atSource) === records

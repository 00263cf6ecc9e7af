import type { FactsByComponent } from '../model/fact.ts'

/** Taken for the link as long as nobody has measured it. */
const assumedMbps = 100

/** The slowest link that the audit measured, in Mbit/s. */
export function linkMbps(facts: FactsByComponent): number {
  const measured = Object.values(facts).map(of => of.bandwidthMbps?.value)
  const known = measured.filter((value): value is number => typeof value === 'number' && value > 0)
  return known.length > 0 ? Math.min(...known) : assumedMbps
}

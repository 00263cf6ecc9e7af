import type { FactsByComponent } from '../../model/fact.ts'
import type { RoleLookup } from '../../model/roles.ts'

export type LinkRate = { mbps: number; from: 'measured' | 'declared' }

/**
 * The rate of the link between the sites, in Mbit/s: the lowest that was measured, else the lowest that the plan declares, else
 * undefined, which whoever asks has to say.
 */
export function linkRate(roles: RoleLookup | undefined): LinkRate | undefined {
  const known = roles?.('linkRate').map(({ value }) => value) ?? []
  const measured = known.filter(({ from }) => from === 'measured')
  const rates = measured.length > 0 ? measured : known
  return rates.toSorted((one, other) => one.mbps - other.mbps)[0]
}

/** Taken for the link as long as nobody has measured it. */
const assumedMbps = 100

/** The slowest link that the audit measured, in Mbit/s. For kinds that do not ask for the role yet. */
export function linkMbps(facts: FactsByComponent): number {
  const measured = Object.values(facts).map(of => of.bandwidthMbps?.value)
  const known = measured.filter((value): value is number => typeof value === 'number' && value > 0)
  return known.length > 0 ? Math.min(...known) : assumedMbps
}

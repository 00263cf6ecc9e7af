import type { RoleLookup, Roles } from '../../model/roles.ts'

/**
 * The rate of the link between the sites, in Mbit/s: the lowest that was measured, else the lowest that the plan declares, else
 * undefined, which the caller has to report.
 */
export function linkRate(roles: RoleLookup | undefined): Roles['linkRate'] | undefined {
  const known = roles?.('linkRate').map(({ value }) => value) ?? []
  const measured = known.filter(({ from }) => from === 'measured')
  const rates = measured.length > 0 ? measured : known
  return rates.toSorted((one, other) => one.mbps - other.mbps)[0]
}

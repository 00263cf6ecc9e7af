import type { CommandOptions, CommandResult, ReadIo } from '../../../model/io.ts'
import type { Plan, SiteSide } from '../../../model/plan.ts'
import type { NftablesSpec, VantageSpec } from '../spec.ts'

/** A place from which the sites are looked at, and the zone it stands in as each site's gateway sees it. */
export type Vantage = {
  /** `toulouse-files`, `internet-tester/bascule-target`, or `localhost`. */
  name: string
  /** Its zone, at the site or sites that name it as a vantage. */
  zones: Partial<Record<SiteSide, string>>
  /** Undefined where only the far end of a tunnel or the machine itself knows. */
  address?: string
  later: boolean
  read(argv: readonly string[], io: ReadIo, options: CommandOptions): Promise<CommandResult>
}

const sides = ['source', 'target'] as const

/** Every vantage once, though several zones or both sites may name it. */
export function vantagesOf(spec: NftablesSpec, plan: Plan): Vantage[] {
  const found = new Map<string, Vantage>()
  for (const [zone, both] of Object.entries(spec.zones))
    for (const side of sides) {
      const { vantage, later, networks } = both[side]
      if (vantage === undefined) continue
      const place = placeOf(vantage, plan, side, networks)
      const known = found.get(place.name)
      found.set(place.name, { ...place, later, zones: { ...known?.zones, [side]: zone } })
    }
  return [...found.values()]
}

type Place = Omit<Vantage, 'zones' | 'later'>

function placeOf(vantage: VantageSpec, plan: Plan, side: SiteSide, networks: readonly string[]): Place {
  if (vantage === 'here') return { name: 'localhost', read: (argv, io, options) => io.local(argv, options) }
  const key = 'host' in vantage ? vantage.host : vantage.outside
  const host = ('host' in vantage ? plan.sites[side].hosts : plan.outside)[key]
  if (host === undefined) throw new TypeError(`the plan has no host ${key} to look from`)
  const { netns } = vantage
  if (netns === undefined)
    return {
      name: host.ssh,
      address: host.address,
      read: (argv, io, options) => io.read(host.ssh, argv, options),
    }
  const [network] = networks
  return {
    name: `${host.ssh}/${netns}`,
    ...(network !== undefined && { address: network.split('/')[0] ?? '' }),
    read: (argv, io, options) => io.read(host.ssh, ['ip', 'netns', 'exec', netns, ...argv], options),
  }
}

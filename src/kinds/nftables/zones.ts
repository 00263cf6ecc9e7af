import { isIpv6 } from '../../model/address.ts'
import type { SiteSide } from '../../model/plan.ts'
import { holds, plainNetwork, prefixLengthOf } from './cidr.ts'
import type { NftablesSpec, ZoneSide } from './spec.ts'

/**
 * One way to know that a packet is of a zone. `any`: by its interface alone. Where several fit, the narrowest network
 * decides; so that a packet is of one zone, or of none.
 */
export type Mark = {
  zone: string
  interfaces: string[]
  family: 'ip' | 'ip6' | 'any'
  networks: string[]
  prefixLength: number
}

/** The marks of a site's zones, the narrowest first; always in the same order. */
export function marksOf(spec: NftablesSpec, side: SiteSide): Mark[] {
  return Object.entries(spec.zones)
    .flatMap(([zone, sides]) => marksOfZone(zone, sides[side]))
    .sort(
      (left, right) =>
        right.prefixLength - left.prefixLength ||
        compare(left.zone, right.zone) ||
        compare(left.family, right.family),
    )
}

function marksOfZone(zone: string, { interfaces, networks }: ZoneSide): Mark[] {
  const names = [...new Set(interfaces)].sort()
  if (networks.length === 0)
    return [{ zone, interfaces: names, family: 'any', networks: [], prefixLength: -1 }]
  const groups = Map.groupBy(new Set(networks.map(plainNetwork)), network =>
    JSON.stringify([isIpv6(network), prefixLengthOf(network)]),
  )
  return [...groups.values()].map(group => ({
    zone,
    interfaces: names,
    family: isIpv6(group[0] ?? '') ? 'ip6' : 'ip',
    networks: group.sort(),
    prefixLength: prefixLengthOf(group[0] ?? ''),
  }))
}

/**
 * The zone of an address at a site. `by`: interfaces it may be behind; omitted: any. Undefined when no zone holds it, or
 * when only interfaces could tell and nobody said which.
 */
export function zoneOf(
  spec: NftablesSpec,
  side: SiteSide,
  address: string,
  by?: readonly string[],
): string | undefined {
  const fits = ({ interfaces }: Mark) => by === undefined || interfaces.some(name => by.includes(name))
  const marks = marksOf(spec, side).filter(fits)
  const known = marks.find(({ networks }) => networks.some(network => holds(network, address)))
  if (known !== undefined) return known.zone
  const open = marks.filter(({ family }) => family === 'any')
  return open.length === 1 || by !== undefined ? open[0]?.zone : undefined
}

/** Whether a zone of the site names a network with this address in it. */
export const isPlaced = (spec: NftablesSpec, side: SiteSide, address: string): boolean =>
  marksOf(spec, side).some(({ networks }) => networks.some(network => holds(network, address)))

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

import type { SiteSide } from '../../../model/plan.ts'
import { holds } from '../cidr.ts'
import { type Asked, passes } from '../passes.ts'
import type { NftablesSpec } from '../spec.ts'
import { zoneOf } from '../zones.ts'
import type { Target } from './targets.ts'
import type { Vantage } from './vantages.ts'

/** The zone a vantage has at the target's own gateway, or the side through whose gateway its packets must pass first. */
export type Way = { direct: string } | { by: SiteSide; zone: string }

export function wayOf(vantage: Vantage, { side }: Target): Way | undefined {
  const direct = vantage.zones[side]
  if (direct !== undefined) return { direct }
  const by: SiteSide = side === 'source' ? 'target' : 'source'
  const zone = vantage.zones[by]
  return zone === undefined ? undefined : { by, zone }
}

/** Neighbours in one network reach each other without the gateway. */
export const isNeighbour = (spec: NftablesSpec, vantage: Vantage, target: Target): boolean => {
  const zone = vantage.zones[target.side]
  if (target.isGateway || zone === undefined || vantage.address === undefined) return false
  return (spec.zones[zone]?.[target.side].networks ?? []).some(
    network => holds(network, target.address) && holds(network, vantage.address ?? ''),
  )
}

/** What the declaration says of one try; between the sites both gateways must let it through. */
export function isDeclared(spec: NftablesSpec, vantage: Vantage, target: Target, asked: Asked): boolean {
  const way = wayOf(vantage, target)
  if (way === undefined) return false
  if ('direct' in way) return passes(spec, target.side, way.direct, target, asked)
  const isOut = passes(spec, way.by, way.zone, { address: target.address, isGateway: false }, asked)
  const zone = vantage.address === undefined ? undefined : zoneOf(spec, target.side, vantage.address)
  return isOut && passes(spec, target.side, zone, target, asked)
}

import type { SiteSide } from '../../model/plan.ts'
import { plainNetwork } from './cidr.ts'
import { endsOf, type Port } from './fields.ts'
import type { NftablesSpec } from './spec.ts'
import { zoneOf } from './zones.ts'

/** What is asked for: a port, or an echo. */
export type Asked = { protocol: 'tcp' | 'udp'; port: number } | { protocol: 'icmp' }
/** Where it is asked: an address of the gateway itself, or one behind it. */
export type Destination = { address: string; isGateway: boolean }

/** What the declaration says of one packet at one gateway. `from`: the zone it comes from, undefined when it is of none. */
export function passes(
  spec: NftablesSpec,
  side: SiteSide,
  from: string | undefined,
  to: Destination,
  asked: Asked,
): boolean {
  const places = to.isGateway ? gatewayPlaces(spec, side, to.address) : [zoneOf(spec, side, to.address)]
  return spec.allow.some(
    allow =>
      from !== undefined &&
      [allow.from].flat().includes(from) &&
      [allow.to].flat().some(place => places.includes(place)) &&
      (asked.protocol === 'icmp'
        ? allow.icmp
        : allow[asked.protocol].some(port => holdsPort(port, asked.port))),
  )
}

/** The names under which `to` may mean this address of the gateway. */
function gatewayPlaces(spec: NftablesSpec, side: SiteSide, address: string): string[] {
  const named = Object.entries(spec.gatewayAddresses)
    .filter(([, sides]) => sides[side].some(one => plainNetwork(one) === plainNetwork(address)))
    .map(([name]) => `gateway.${name}`)
  return ['gateway', ...named]
}

const holdsPort = (port: Port, asked: number): boolean => {
  const { from, to } = endsOf(port)
  return from <= asked && asked <= to
}

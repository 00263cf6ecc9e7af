import { isAddress } from '../../../model/address.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { plainNetwork } from '../cidr.ts'
import { endsOf, type Port } from '../fields.ts'
import { type Firewall, gatewayAt } from '../sides.ts'
import type { NftablesSpec } from '../spec.ts'

/**
 * What is tried from everywhere. `role`: what it is called at either site, so that both can be compared: the key of a host, or
 * `gateway.<name>` for an address of the gateway.
 */
export type Target = { side: SiteSide; name: string; role: string; address: string; isGateway: boolean }

/** Every host of both sites, and every address of their gateways that the plan knows. */
export function targetsOf(firewall: Firewall): Target[] {
  return (['source', 'target'] as const).flatMap(side => {
    const { host: gateway, spec } = gatewayAt(firewall, side)
    const own = (role: string, address: string): Target => {
      return { side, name: gateway.ssh, role, address, isGateway: true }
    }
    const gateways = [
      ...Object.entries(spec.gatewayAddresses).flatMap(([name, addresses]) =>
        addresses[side].map(address => own(`gateway.${name}`, address)),
      ),
      own('gateway', gateway.address),
    ]
    const hosts = Object.entries(firewall.plan.sites[side].hosts)
      .filter(([, host]) => host.ssh !== gateway.ssh)
      .map(([role, { ssh, address }]): Target => ({ side, name: ssh, role, address, isGateway: false }))
    // of a host that is known by a name nobody can say in which zone it lies
    return once([...gateways, ...hosts.filter(({ address }) => isAddress(address))])
  })
}

const once = (targets: Target[]): Target[] =>
  [
    ...new Map(targets.toReversed().map(target => [plainNetwork(target.address), target])).values(),
  ].toReversed()

/**
 * TCP ports that are tried: all that are allowed anywhere, those the plan adds, and the neighbours of a range, so that one that is
 * too wide shows. Of a range, its ends.
 */
export function portsOf(spec: NftablesSpec): number[] {
  const tried = (port: Port): number[] => {
    const { from, to } = endsOf(port)
    return from === to ? [from] : [from - 1, from, to, to + 1]
  }
  const all = [...spec.allow.flatMap(({ tcp }) => tcp), ...spec.probes.tcp].flatMap(tried)
  return [...new Set(all)].filter(port => port >= 1 && port <= 65_535).sort((left, right) => left - right)
}

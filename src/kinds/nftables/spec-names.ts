import type { z } from 'zod'
import type { NftablesSpec } from './spec-fields.ts'

/** `to` may name a zone, the gateway, or some of the gateway's addresses; `from` only zones. */
export function checkNames(spec: NftablesSpec, context: z.RefinementCtx): void {
  const zones = Object.keys(spec.zones)
  const places = [...zones, 'gateway', ...Object.keys(spec.gatewayAddresses).map(name => `gateway.${name}`)]
  spec.allow.forEach(({ from, to }, index) => {
    for (const name of [from].flat()) if (!zones.includes(name)) unknown(['allow', index, 'from'])
    for (const name of [to].flat()) if (!places.includes(name)) unknown(['allow', index, 'to'])
  })
  if (zones.includes('gateway'))
    context.addIssue({ code: 'custom', message: 'nftables.spec.zoneGateway', path: ['zones', 'gateway'] })
  for (const side of ['source', 'target'] as const)
    for (const [name, other] of sharing(spec, side))
      context.addIssue({
        code: 'custom',
        message: 'nftables.spec.zonesOverlap',
        path: ['zones', name, side],
        params: { other },
      })

  function unknown(path: (string | number)[]): void {
    context.addIssue({ code: 'custom', message: 'nftables.spec.unknownZone', path })
  }
}

/** Zones that cannot be told apart: a common interface, and the same network or none in both. */
function sharing(spec: NftablesSpec, side: 'source' | 'target'): [string, string][] {
  const zones = Object.entries(spec.zones).map(([name, zone]) => ({ name, ...zone[side] }))
  return zones.flatMap((zone, index) =>
    zones.slice(0, index).flatMap((other): [string, string][] => {
      const common = zone.interfaces.some(one => other.interfaces.includes(one))
      const same =
        zone.networks.length === 0
          ? other.networks.length === 0
          : zone.networks.some(one => other.networks.includes(one))
      return common && same ? [[zone.name, other.name]] : []
    }),
  )
}

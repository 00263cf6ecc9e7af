import { z } from 'zod'
import { absolutePath, address, interfaceName, named, network, port } from './fields.ts'

const netns = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'nftables.spec.name')
    .optional()
    .describe('Network namespace of that host, used for the measurement')
const vantage = z
  .union(
    [
      z.literal('here'),
      z.strictObject({
        host: z.string().min(1).describe('Key of this site’s hosts: a host in the zone'),
        netns: netns(),
      }),
      z.strictObject({
        outside: z.string().min(1).describe('Key of the plan’s `outside`'),
        netns: netns(),
      }),
    ],
    'nftables.spec.vantage',
  )
  .describe(
    'From where the zone is measured: `here` (the control host), a host of the site, or a host of `outside`. Default: it is not measured',
  )

const zoneSide = z.strictObject({
  interfaces: z.array(interfaceName()).min(1).describe('Interfaces of this site’s gateway towards the zone'),
  networks: z
    .array(network())
    .default([])
    .describe(
      'Addresses of the zone. If zones share an interface, the smallest network decides; empty: all other traffic of these interfaces',
    ),
  vantage: vantage.optional(),
  later: z
    .boolean()
    .default(false)
    .describe(
      'Another component creates the zone’s interface and vantage during the preparation (the VPN and its test client). Step `prove` ignores them while they are missing; a gate does not',
    ),
})

const zone = z.strictObject({ source: zoneSide, target: zoneSide })

const oneOrMore = <Value extends z.ZodType>(value: Value) => z.union([value, z.array(value).min(1)])
const destination = z
  .string()
  .regex(/^(gateway\.)?[a-z][a-z0-9-]{0,30}$/, 'nftables.spec.destination')
  .describe(
    'A zone; `gateway`: any address of the gateway itself; `gateway.<name>`: those of `gatewayAddresses`',
  )

const allow = z
  .strictObject({
    from: oneOrMore(named()).describe('Zones'),
    to: oneOrMore(destination),
    tcp: z.array(port()).default([]).describe('Ports, or ranges such as `60000-60050`'),
    udp: z
      .array(port())
      .default([])
      .describe('Allowed, but not measured: an open UDP port cannot be distinguished from a blocked one'),
    icmp: z.boolean().default(false).describe('Echo requests'),
  })
  .refine(({ tcp, udp, icmp }) => tcp.length + udp.length > 0 || icmp, 'nftables.spec.allowsNothing')

const vlan = z.strictObject({
  name: named().describe('Displayed name'),
  target: z
    .strictObject({
      bridge: interfaceName().describe('Bridge of the VLAN at the target gateway; created if missing'),
      ports: z.array(interfaceName()).min(1).describe('Interfaces of the gateway that belong to it'),
      address: network()
        .optional()
        .describe('The gateway’s own address in it with its prefix length, e.g. 10.8.12.1/24'),
      filtering: z
        .boolean()
        .default(false)
        .describe(
          'One bridge carries several VLANs and filters them by id (tested in simulation only: the lab’s kernel cannot filter VLANs). False: one bridge for each VLAN',
        ),
      vlan: z.int().min(1).max(4094).optional().describe('VLAN id; only with `filtering`'),
    })
    .refine(({ filtering, vlan: id }) => filtering === (id !== undefined), 'nftables.spec.vlanId'),
})

const fields = z.strictObject({
  source: z.strictObject({
    host: z.string().min(1).describe('Key of the source site’s hosts: its gateway. Only read'),
  }),
  target: z.strictObject({
    host: z
      .string()
      .min(1)
      .describe('Key of the target site’s hosts: its gateway, which receives the firewall rules'),
  }),
  zones: z.record(named(), zone).describe('Network zones, as each site’s gateway sees them'),
  gatewayAddresses: z
    .record(named(), z.strictObject({ source: z.array(address()).min(1), target: z.array(address()).min(1) }))
    .default({})
    .describe('The gateways’ own addresses; `to: gateway.<name>` refers to them'),
  allow: z.array(allow).min(1).describe('Allowed flows, at both sites. Everything else is blocked'),
  replaces: z
    .enum(['own-table', 'ruleset'])
    .default('own-table')
    .describe(
      '`own-table`: adds the table `inet bascule` to the existing rules; `ruleset`: removes all other nftables rules; an undo restores them',
    ),
  revertSeconds: z
    .int()
    .min(5)
    .max(600)
    .default(30)
    .describe(
      'After a load, the gateway restores its old rules automatically if Bascule opens no new connection within this time, in seconds',
    ),
  file: absolutePath()
    .default('/etc/nftables.conf')
    .describe(
      'File that the target gateway loads at boot; the rules are written there once they passed the test',
    ),
  vlans: z.array(vlan).default([]).describe('VLANs to create at the target gateway'),
  probes: z
    .strictObject({
      tcp: z
        .array(port())
        .default([22, 23, 80, 443, 445, 3389, 5432, 8080])
        .describe(
          'Ports tested from every zone in addition to those of `allow`: they must be blocked unless `allow` names them',
        ),
      waitSeconds: z
        .number()
        .min(0.5)
        .max(30)
        .default(2)
        .describe('A port that does not answer within this time counts as blocked, in seconds'),
    })
    .prefault({}),
})

export type NftablesSpec = z.infer<typeof fields>
export type ZoneSide = z.infer<typeof zoneSide>
export type VantageSpec = z.infer<typeof vantage>
export type VlanSpec = z.infer<typeof vlan>

/** Who may reach what, at two gateways. */
export const nftablesSpec = fields.superRefine(checkNames)

/** `to` may name a zone, the gateway, or some of the gateway's addresses; `from` only zones. */
function checkNames(spec: NftablesSpec, context: z.RefinementCtx): void {
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

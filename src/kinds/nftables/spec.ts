import { z } from 'zod'
import { absolutePath, address, interfaceName, named, network, port } from './fields.ts'

const netns = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'nftables.spec.name')
    .optional()
    .describe('Network namespace of that host from which it is asked')
const vantage = z
  .union(
    [
      z.literal('here'),
      z.strictObject({
        host: z.string().min(1).describe('Key of this site’s hosts: one that stands in the zone'),
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
    'From where the zone is measured: `here` (the machine Bascule runs on), a host of the site, or one outside both. Left out: nobody looks from there',
  )

const zoneSide = z.strictObject({
  interfaces: z
    .array(interfaceName())
    .min(1)
    .describe('Interfaces of this site’s gateway by which the zone’s packets come in and go out'),
  networks: z
    .array(network())
    .default([])
    .describe(
      'The zone’s addresses. Where zones share an interface the narrowest network decides; none: whatever else comes by these interfaces',
    ),
  vantage: vantage.optional(),
  later: z
    .boolean()
    .default(false)
    .describe(
      'The zone’s interface and vantage are made during the preparation by another component (the VPN and its test client): step `prove` does without them while they are missing, a gate does not',
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
      .describe('Let through, but not measured: UDP cannot be told from silence'),
    icmp: z.boolean().default(false).describe('Echo requests'),
  })
  .refine(({ tcp, udp, icmp }) => tcp.length + udp.length > 0 || icmp, 'nftables.spec.allowsNothing')

const vlan = z.strictObject({
  name: named().describe('What people call it'),
  target: z
    .strictObject({
      bridge: interfaceName().describe(
        'Bridge that carries it at the target gateway; made when it is not there',
      ),
      ports: z.array(interfaceName()).min(1).describe('Interfaces of the gateway whose cables lead into it'),
      address: network()
        .optional()
        .describe('The gateway’s own address in it with its prefix length, e.g. 10.8.12.1/24'),
      filtering: z
        .boolean()
        .default(false)
        .describe(
          'One bridge carries several VLANs and keeps them apart by their ids (never tried on a real switch: the laboratory’s kernel has no VLAN filtering). False: a bridge of its own',
        ),
      vlan: z.int().min(1).max(4094).optional().describe('VLAN id; only with `filtering`'),
    })
    .refine(({ filtering, vlan: id }) => filtering === (id !== undefined), 'nftables.spec.vlanId'),
})

const fields = z.strictObject({
  source: z.strictObject({
    host: z.string().min(1).describe('Key of the source site’s hosts: its gateway. Only looked at'),
  }),
  target: z.strictObject({
    host: z.string().min(1).describe('Key of the target site’s hosts: its gateway, which gets the firewall'),
  }),
  zones: z
    .record(named(), zone)
    .describe('Where packets come from and go to, by name, as each site’s gateway sees it'),
  gatewayAddresses: z
    .record(named(), z.strictObject({ source: z.array(address()).min(1), target: z.array(address()).min(1) }))
    .default({})
    .describe('The gateways’ own addresses, by a name that `to: gateway.<name>` refers to'),
  allow: z.array(allow).min(1).describe('Who may reach what, at both sites. Nothing else passes'),
  replaces: z
    .enum(['own-table', 'ruleset'])
    .default('own-table')
    .describe(
      '`own-table`: the table `inet bascule` is put beside what is there; `ruleset`: everything else that nftables holds is taken out, and put back by an undo',
    ),
  revertSeconds: z
    .int()
    .min(5)
    .max(600)
    .default(30)
    .describe(
      'The gateway puts its old rules back by itself when so many seconds pass after a load without a new connection from Bascule',
    ),
  file: absolutePath()
    .default('/etc/nftables.conf')
    .describe(
      'What the target gateway loads when it boots; the rules are written there once they are proven',
    ),
  vlans: z.array(vlan).default([]).describe('VLANs that the target gateway shall have'),
  probes: z
    .strictObject({
      tcp: z
        .array(port())
        .default([22, 23, 80, 443, 445, 3389, 5432, 8080])
        .describe(
          'Ports tried from everywhere beside those that `allow` names: they should be closed where it does not',
        ),
      waitSeconds: z
        .number()
        .min(0.5)
        .max(30)
        .default(2)
        .describe('How long a silent port is waited for before it counts as closed'),
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

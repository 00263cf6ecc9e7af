import { z } from 'zod'
import { secretReference } from '../kit/fields.ts'
import { managedSpec } from '../kit/managers.ts'

const absolutePath = () => z.string().regex(/^\/[\w./+@-]*[\w+@-]$/, 'wireguard.spec.absolute')
const network = () => z.union([z.cidrv4(), z.cidrv6()], 'wireguard.spec.network')

const side = z.strictObject({
  host: z.string().describe('Key of the site’s hosts: its VPN gateway'),
  endpoint: z
    .union([z.ipv4(), z.ipv6()], 'wireguard.spec.address')
    .describe('Public IP address at which clients reach this gateway'),
})
const door = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'wireguard.spec.url' })
    .describe('URL requested through the tunnel to this site, by address'),
  says: z.string().min(1).optional().describe('Value of the header `siteHeader` at this site'),
})

const client = z.strictObject({
  reaches: z
    .enum(['name', 'address', 'unknown'])
    .default('unknown')
    .describe('Endpoint in the client’s profile; the gateway cannot see it'),
  resolvesAgain: z
    .boolean()
    .default(false)
    .describe('The client has the restarter, which resolves the name again when the tunnel is silent'),
  presharedKey: secretReference().optional(),
})

const test = z.strictObject({
  outside: z.string().describe('Key of `outside`: the host from which the tunnel is tested'),
  address: network().describe('The test client’s address in the VPN, e.g. 10.8.0.200/32'),
  privateKey: secretReference().describe('Private key of the test client; its public key becomes a peer'),
  name: z.string().min(1).optional().describe('Host header of the request; default: the URL’s host'),
  siteHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'wireguard.spec.header')
    .default('X-Site')
    .describe('Header that names the site in an answer; compared if `says` is set'),
  source: door,
  target: door,
})

const fields = z.strictObject({
  interface: z
    .string()
    .regex(/^[A-Za-z0-9_=+.-]{1,15}$/, 'wireguard.spec.interface')
    .default('wg0')
    .describe('Name of the WireGuard interface at both gateways'),
  configFile: absolutePath()
    .default('/etc/wireguard/wg0.conf')
    .describe('Configuration at both gateways, in the format of wg-quick'),
  manager: managedSpec,
  port: z.int().min(1).max(65_535).default(51_820).describe('UDP port at which both gateways listen'),
  endpointName: z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
      'wireguard.spec.dnsName',
    )
    .optional()
    .describe('DNS name of the gateway in client profiles; default: its address'),
  source: side,
  target: side,
  identity: z
    .enum(['same', 'new'])
    .describe(
      '`same`: the target uses the source’s key; clients change only their endpoint. `new`: a key is generated at the target and never leaves it; every client needs a new profile',
    ),
  privateKey: secretReference()
    .optional()
    .describe('With identity `same`: the source’s private key, also installed at the target'),
  within: z
    .array(network())
    .min(1)
    .describe(
      'Networks that clients reach through the tunnel: AllowedIPs of their profiles, and of the test client',
    ),
  clients: z
    .record(z.string().min(1), client)
    .default({})
    .describe(
      'Facts about each peer, by its name (the comment above it) or the first 8 digits of its fingerprint',
    ),
  profiles: z
    .strictObject({
      directory: absolutePath().describe(
        'Directory at the target gateway; a subdirectory with the component’s name is created in it',
      ),
      dns: z.array(z.string().min(1)).default([]).describe('DNS line of the profiles; default: none'),
    })
    .optional()
    .describe(
      'Where new client profiles are written, complete except for the client’s private key; default: none',
    ),
  startSeconds: z
    .number()
    .positive()
    .max(600)
    .default(20)
    .describe('Longest time until the gateway listens, in seconds'),
  test,
})

export const wireguardSpec = fields.superRefine(({ identity, privateKey }, context) => {
  if (identity === 'same' && privateKey === undefined)
    context.addIssue({
      code: 'invalid_type',
      expected: 'string',
      message: 'wireguard.spec.privateKey',
      path: ['privateKey'],
      input: undefined,
    })
})
export type WireguardSpec = z.infer<typeof wireguardSpec>
export type ClientNote = z.infer<typeof client>

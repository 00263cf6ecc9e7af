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
    .describe('What is asked through the tunnel to this site, by address'),
  says: z.string().min(1).optional().describe('What the header named by `siteHeader` says at this site'),
})

const client = z.strictObject({
  reaches: z
    .enum(['name', 'address', 'unknown'])
    .default('unknown')
    .describe('What the client’s own profile has as its endpoint; it cannot be seen at the gateway'),
  resolvesAgain: z
    .boolean()
    .default(false)
    .describe('It has a keep-alive restarter, which resolves the name again once the tunnel is silent'),
  presharedKey: secretReference().optional(),
})

const test = z.strictObject({
  outside: z
    .string()
    .describe('Key of `outside`: the host from which the tunnel is tried, as a trainer would'),
  address: network().describe('The test client’s address in the VPN, e.g. 10.8.0.200/32'),
  privateKey: secretReference().describe('Private key of the test client; its public key is made a peer'),
  name: z.string().min(1).optional().describe('Host header of what is asked; default: the URL’s own'),
  siteHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'wireguard.spec.header')
    .default('X-Site')
    .describe('Header in which an answer says its site; compared where `says` is given'),
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
    .describe('The name that clients are given for the gateway; absent: they have addresses'),
  source: side,
  target: side,
  identity: z
    .enum(['same', 'new'])
    .describe(
      '`same`: the target answers with the source’s key, and no client changes anything but its endpoint; `new`: a key is generated at the target and never leaves it, and every client needs its new profile',
    ),
  privateKey: secretReference()
    .optional()
    .describe('With identity `same`: the source’s private key; it is also put at the target'),
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
      'What is known of each peer, by its name (the comment above it) or the first 8 figures of its fingerprint',
    ),
  profiles: z
    .strictObject({
      directory: absolutePath().describe(
        'At the target gateway; a folder of the component’s name is made in it',
      ),
      dns: z.array(z.string().min(1)).default([]).describe('DNS line of the profiles; default: none'),
    })
    .optional()
    .describe(
      'Where new client profiles are written, complete but for the client’s private key; absent: none are',
    ),
  startSeconds: z
    .number()
    .positive()
    .max(600)
    .default(20)
    .describe('How long the gateway may take until it listens, in seconds'),
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

import { z } from 'zod'
import { secretReference } from '../fields.ts'
import { providerNames } from './providers.ts'
import { dnsName, recordSpec, refineRecords } from './record-spec.ts'

const server = z.strictObject({
  address: z
    .union([z.ipv4(), z.ipv6()], 'dns.spec.address')
    .describe('IP address: a name would ask the very DNS that changes'),
  port: z.int().min(1).max(65_535).default(53),
})

const update = z.strictObject({
  provider: z.enum(providerNames).default('rfc2136').describe('How the zone is changed'),
  server: server.describe('The primary that takes the updates'),
  tsig: z.strictObject({
    name: dnsName.describe('Name of the key, as the server knows it'),
    algorithm: z
      .enum(['hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'])
      .default('hmac-sha256'),
    secret: secretReference(),
  }),
})

const fields = z.strictObject({
  zone: dnsName.describe('The zone that holds the records'),
  view: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A word that tells this zone from its namesake for other clients, as `internal`; it is only shown',
    ),
  servers: z.array(server).min(1).describe('Every authoritative server, each asked without recursion'),
  resolvers: z
    .array(server)
    .default([])
    .describe('Caching resolvers that users go through; the switch waits until they give the new data'),
  update,
  lowTtlSeconds: z
    .int()
    .min(1)
    .max(3600)
    .describe('TTL of the records from the preparation until the night is over, in seconds'),
  propagationSeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe('How long every authoritative server may take to serve a change, in seconds'),
  records: z.array(recordSpec).min(1).describe('The records that move, all in one atomic update'),
})
export const dnsSpec = fields.superRefine(refineRecords)
export type DnsSpec = z.infer<typeof dnsSpec>
export type ServerAddress = z.infer<typeof server>

export const parseSpec = (spec: unknown): DnsSpec => dnsSpec.parse(spec)

import { z } from 'zod'
import { secretReference } from '../fields.ts'
import { providerNames } from './providers.ts'

/** RFC 1123 labels, underscores for service names; a final dot makes a name absolute; @ is the zone itself. */
const dnsName = z
  .string()
  .regex(
    /^(@|([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?)$/,
    'dns.spec.name',
  )

const server = z.strictObject({
  address: z
    .union([z.ipv4(), z.ipv6()], 'dns.spec.address')
    .describe('IP address: a name would ask the very DNS that changes'),
  port: z.int().min(1).max(65_535).default(53),
})

const oneOrMore = <Value extends z.ZodType>(value: Value) => z.union([value, z.array(value).min(1)])
const data = <Type extends string, Value extends z.ZodType<string>>(type: Type, value: Value) => {
  const values = type === 'CNAME' ? value : oneOrMore(value)
  return z.strictObject({
    name: dnsName.describe('Relative to the zone, @ for the zone itself, or absolute with a final dot'),
    type: z.literal(type),
    source: values.describe('What the record says while the source serves'),
    target: values.describe('What it says once the target serves'),
  })
}
const record = z.discriminatedUnion('type', [
  data('A', z.ipv4('dns.spec.ipv4')),
  data('AAAA', z.ipv6('dns.spec.ipv6')),
  data('CNAME', dnsName),
])

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

export const dnsSpec = z.strictObject({
  zone: dnsName.describe('The zone that holds the records'),
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
  records: z.array(record).min(1).describe('The records that move, all in one atomic update'),
})
export type DnsSpec = z.infer<typeof dnsSpec>
export type ServerAddress = z.infer<typeof server>

export const parseSpec = (spec: unknown): DnsSpec => dnsSpec.parse(spec)

import { z } from 'zod'
import { cloudflareSpec } from './cloudflare/spec.ts'
import { server } from './fields.ts'
import { gandiSpec } from './gandi/spec.ts'
import { ovhSpec } from './ovh/spec.ts'
import { powerdnsSpec } from './powerdns/spec.ts'
import { dnsName, recordSpec, refineRecords } from './record-spec.ts'
import { rfc2136Spec } from './rfc2136/spec.ts'

/** How the zone is changed; a plan without `provider` is one for rfc2136. */
const update = z.discriminatedUnion('provider', [
  rfc2136Spec,
  powerdnsSpec,
  ovhSpec,
  gandiSpec,
  cloudflareSpec,
])

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
  update: update.describe(
    'How the zone is changed; one of five ways, see dns-providers.md. OVH, Gandi and Cloudflare were never run against the real services',
  ),
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
  records: z
    .array(recordSpec)
    .min(1)
    .describe('The records that move, all in one change: atomic where the provider knows such a thing'),
})
export const dnsSpec = fields.superRefine(refineRecords)
export type DnsSpec = z.infer<typeof dnsSpec>
export type { ServerAddress } from './fields.ts'

export const parseSpec = (spec: unknown): DnsSpec => dnsSpec.parse(spec)

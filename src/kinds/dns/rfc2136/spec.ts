import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { server } from '../fields.ts'
import { dnsName } from '../record-spec.ts'

export const rfc2136Spec = z.strictObject({
  // optional() inside, so that a plan without `provider` is known for one of this provider.
  provider: z
    .literal('rfc2136')
    .optional()
    .default('rfc2136')
    .describe('How the zone is changed: dynamic updates, or the API of PowerDNS, OVH, Gandi or Cloudflare'),
  server: server.describe(
    'The primary: it takes the updates (rfc2136), or shows first what its API was told (powerdns; default: the first of `servers`)',
  ),
  tsig: z
    .strictObject({
      name: dnsName.describe('Name of the key, as the server knows it'),
      algorithm: z
        .enum(['hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'])
        .default('hmac-sha256'),
      secret: secretReference(),
    })
    .describe('rfc2136: the key that signs the updates'),
})
export type Rfc2136Update = z.infer<typeof rfc2136Spec>

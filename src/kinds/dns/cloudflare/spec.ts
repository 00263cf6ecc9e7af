import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { endpoint } from '../fields.ts'

export const cloudflareSpec = z.strictObject({
  provider: z
    .literal('cloudflare')
    .describe('Cloudflare’s API. Written from its documentation, never run against the real service'),
  token: secretReference().describe(
    'cloudflare: where the token is; it needs Zone Read and DNS Write for the zone',
  ),
  endpoint,
})
export type CloudflareUpdate = z.infer<typeof cloudflareSpec>

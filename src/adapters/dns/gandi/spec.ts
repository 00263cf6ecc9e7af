import { z } from 'zod'
import { secretReference } from '../../fields.ts'
import { endpoint } from '../fields.ts'

export const gandiSpec = z.strictObject({
  provider: z
    .literal('gandi')
    .describe('Gandi LiveDNS. Written from its documentation, never run against the real service'),
  token: secretReference().describe(
    'gandi, cloudflare: where the token is (Gandi: personal access token with the right to manage the domain’s technical configuration; Cloudflare: Zone Read and DNS Write for the zone)',
  ),
  endpoint,
})
export type GandiUpdate = z.infer<typeof gandiSpec>

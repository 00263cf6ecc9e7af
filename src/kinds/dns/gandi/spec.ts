import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { endpoint } from '../fields.ts'

export const gandiSpec = z.strictObject({
  provider: z
    .literal('gandi')
    .describe('Gandi LiveDNS. Written from its documentation, never run against the real service'),
  token: secretReference().describe(
    'gandi, cloudflare: where the token is (`env:`, `file:`, `cmd:`); the rights it needs are in dns-providers.md',
  ),
  endpoint,
})
export type GandiUpdate = z.infer<typeof gandiSpec>

import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { endpoint } from '../fields.ts'

export const ovhSpec = z.strictObject({
  provider: z
    .literal('ovh')
    .describe('OVHcloud’s API. Written from its documentation, never run against the real service'),
  region: z.enum(['eu', 'ca', 'us']).default('eu').describe('ovh: where the account was opened'),
  applicationKey: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, 'dns.spec.applicationKey')
    .describe('ovh: the application’s key (AK); it is no secret'),
  applicationSecret: secretReference().describe(
    'ovh: where the application’s secret (AS) is (`env:`, `file:`, `cmd:`)',
  ),
  consumerKey: secretReference().describe(
    'ovh: where the consumer key (CK) is (`env:`, `file:`, `cmd:`); the rules it needs are in dns-providers.md',
  ),
  endpoint,
})
export type OvhUpdate = z.infer<typeof ovhSpec>

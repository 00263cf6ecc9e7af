import { z } from 'zod'
import { secretReference } from '../../kit/fields.ts'
import { apiUrl, server } from '../fields.ts'

export const powerdnsSpec = z.strictObject({
  provider: z.literal('powerdns').describe('The HTTP API of PowerDNS Authoritative Server'),
  server: server
    .optional()
    .describe('The name server that shows a change first; default: the first of `servers`'),
  url: apiUrl.describe('powerdns: where its API is, without /api/v1'),
  apiKey: secretReference().describe(
    'powerdns: where `api-key` is (`env:`, `file:`, `cmd:`); it may change every zone of the server',
  ),
  serverId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, 'dns.spec.serverId')
    .default('localhost')
    .describe('powerdns: name of the server within its API'),
  fingerprint: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}:?){32}$/, 'dns.spec.fingerprint')
    .optional()
    .describe(
      'powerdns: SHA-256 fingerprint of the certificate before its API, when no authority has signed it',
    ),
})
export type PowerdnsUpdate = z.infer<typeof powerdnsSpec>

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { millisecondsOf } from '../../../model/instant.ts'
import type { ReadIo } from '../../../model/io.ts'
import { secretReference } from '../../kit/fields.ts'
import { endpoint as endpointSpec, inEnglish } from '../fields.ts'
import { type ApiClient, type ApiCode, type ApiReply, apiClient } from './http.ts'

export const unproven = { key: 'dns.unproven', values: { service: 'OVHcloud' } } as const

export const ovhSpec = z.strictObject({
  provider: z.literal('ovh').describe(`OVHcloud’s API. ${inEnglish(unproven)}`),
  region: z.enum(['eu', 'ca', 'us']).default('eu').describe('ovh: where the account was opened'),
  applicationKey: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, 'dns.spec.applicationKey')
    .describe('ovh: application key (AK); it is not secret'),
  applicationSecret: secretReference().describe(
    'ovh: reference to the application secret (AS; `env:`, `file:`, `cmd:`)',
  ),
  consumerKey: secretReference().describe(
    'ovh: reference to the consumer key (CK; `env:`, `file:`, `cmd:`); dns-providers.md lists the rules that it needs',
  ),
  endpoint: endpointSpec,
})
export type OvhUpdate = z.infer<typeof ovhSpec>

const hosts = {
  eu: 'https://eu.api.ovh.com/1.0',
  ca: 'https://ca.api.ovh.com/1.0',
  us: 'https://api.us.ovhcloud.com/1.0',
}
export const ovhBase = ({ region, endpoint }: OvhUpdate): string => endpoint ?? hosts[region]

/** Signs each request with the time that OVH's clock shows: this machine's may be wrong, and old requests are refused. */
export function ovhClient(update: OvhUpdate): ApiClient {
  const base = ovhBase(update)
  const unsigned = apiClient({ base, headers: async () => ({}), explain })
  let aheadSeconds: Promise<number> | undefined
  const measured = async (io: ReadIo): Promise<number> => {
    const theirs = Number(await unsigned(io, { method: 'GET', path: '/auth/time' }))
    return theirs - secondsNow(io)
  }
  return apiClient({
    base,
    async headers(io, method, url, body) {
      aheadSeconds ??= measured(io)
      const [applicationSecret, consumerKey, ahead] = await Promise.all([
        io.secret(update.applicationSecret),
        io.secret(update.consumerKey),
        aheadSeconds,
      ])
      const timestamp = secondsNow(io) + ahead
      return {
        'x-ovh-application': update.applicationKey,
        'x-ovh-consumer': consumerKey,
        'x-ovh-timestamp': String(timestamp),
        'x-ovh-signature': ovhSignature({ applicationSecret, consumerKey, method, url, body, timestamp }),
      }
    },
    explain,
  })
}

const secondsNow = (io: ReadIo): number => Math.floor(millisecondsOf(io.now()) / 1000)

const codes: Record<string, ApiCode> = {
  INVALID_SIGNATURE: 'BADTOKEN',
  INVALID_KEY: 'BADTOKEN',
  INVALID_CREDENTIAL: 'BADTOKEN',
  NOT_CREDENTIAL: 'BADTOKEN',
  NOT_GRANTED_CALL: 'FORBIDDEN',
  QUERY_TIME_OUT: 'BADTIME',
}

/** `{"errorCode": "INVALID_SIGNATURE", "httpCode": "400 Bad Request", "message": "…"}`; some answers have a `class` instead. */
function explain({ value, text }: ApiReply) {
  const { errorCode, message } = (value ?? {}) as { errorCode?: string; message?: string }
  const code = errorCode === undefined ? undefined : codes[errorCode]
  const detail = [errorCode, message ?? text].filter(Boolean).join(' ')
  return code === undefined ? { detail } : { detail, code }
}

type Signed = {
  applicationSecret: string
  consumerKey: string
  method: string
  url: string
  body: string
  /** Seconds since 1970 by OVH's clock. */
  timestamp: number
}

/** `$1$` and the SHA-1 of the parts with `+` between them. The URL whole, the body as it is sent, empty for none. */
export function ovhSignature({
  applicationSecret,
  consumerKey,
  method,
  url,
  body,
  timestamp,
}: Signed): string {
  const parts = [applicationSecret, consumerKey, method, url, body, String(timestamp)]
  return `$1$${createHash('sha1').update(parts.join('+'), 'utf8').digest('hex')}`
}

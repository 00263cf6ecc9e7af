import type { ReadIo } from '../../../model/io.ts'
import { type ApiClient, type ApiReply, apiClient } from '../api/client.ts'
import type { ApiCode } from '../api/refusal.ts'
import { ovhSignature } from './signature.ts'
import type { OvhUpdate } from './spec.ts'

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

const secondsNow = (io: ReadIo): number => Math.floor(Date.parse(io.now()) / 1000)

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

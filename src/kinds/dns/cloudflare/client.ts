import type { ReadIo } from '../../../model/io.ts'
import { type ApiClient, type ApiReply, apiClient } from '../api/client.ts'
import { ApiRefusal } from '../api/refusal.ts'
import type { CloudflareUpdate } from './spec.ts'

export const cloudflareBase = ({
  endpoint = 'https://api.cloudflare.com/client/v4',
}: CloudflareUpdate): string => endpoint

type Problem = { code: number; message: string; error_chain?: Problem[] }
type Envelope = {
  success: boolean
  errors?: Problem[]
  result: unknown
  result_info?: { page: number; total_pages?: number; count: number; per_page: number }
}

/** Gives the `result` within Cloudflare's envelope. */
export function cloudflareClient(update: CloudflareUpdate): ApiClient {
  const client = envelopes(update)
  return async (io, request) => ((await client(io, request)) as Envelope | undefined)?.result
}

/** All pages of a list. */
export function cloudflareList(update: CloudflareUpdate) {
  const client = envelopes(update)
  return async (io: ReadIo, path: string, query: Record<string, string>): Promise<unknown[]> => {
    const found: unknown[] = []
    for (let page = 1; ; page++) {
      const params = new URLSearchParams({ ...query, page: String(page), per_page: '100' })
      const answer = (await client(io, { method: 'GET', path: `${path}?${params}` })) as Envelope
      found.push(...(answer.result as unknown[]))
      if (page >= (answer.result_info?.total_pages ?? 1)) return found
    }
  }
}

function envelopes(update: CloudflareUpdate): ApiClient {
  const base = cloudflareBase(update)
  const client = apiClient({
    base,
    headers: async io => ({ authorization: `Bearer ${await io.secret(update.token)}` }),
    explain,
  })
  return async (io, request) => {
    const value = await client(io, request)
    const { success } = (value ?? {}) as Partial<Envelope>
    if (success === true) return value
    // 200 around a failure, or the page of something in between.
    throw new ApiRefusal('REJECTED', explain({ status: 200, value, text: '' }).detail)
  }
}

/** 9109 and 1000 say that the token is wrong, 10000 that it does not suffice; all of them may come with 403. */
function explain({ status, value, text }: ApiReply) {
  const { errors = [] } = (value ?? {}) as Partial<Envelope>
  const all = errors.flatMap(error => [error, ...(error.error_chain ?? [])])
  const detail = all.map(({ code, message }) => `${code} ${message}`).join('; ') || text
  const isUnknown = errors.some(({ code }) => [1000, 6003, 9106, 9109].includes(code))
  return status < 429 && isUnknown ? { detail, code: 'BADTOKEN' as const } : { detail }
}

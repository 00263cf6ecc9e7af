import type { ChangeIo, HttpRequest, HttpResponse } from '../../src/model/io.ts'
import type { PveSchema } from './pve-schema.ts'

/**
 * The same door, every request to PVE and every good answer of it judged by PVE's schema; what is wrong is told to `wrong`.
 */
export function judgedIo<Io extends Pick<ChangeIo, 'http'>>(
  io: Io,
  schema: PveSchema,
  wrong: (what: string) => void,
): Io {
  const prefix = '/api2/json'
  async function http(request: HttpRequest): Promise<HttpResponse> {
    const url = new URL(request.url)
    if (!url.pathname.startsWith(prefix)) return io.http(request)
    const path = url.pathname.slice(prefix.length)
    const call = `${request.method} ${path}`
    const encoded = request.body === undefined ? url.searchParams : new URLSearchParams(request.body)
    const params: Record<string, string | string[]> = {}
    for (const name of new Set(encoded.keys())) {
      const [first = '', ...more] = encoded.getAll(name)
      params[name] = more.length === 0 ? first : [first, ...more]
    }
    for (const { at, message } of schema.checkRequest(request.method, path, params))
      wrong(`request ${call}: ${at} ${message}`)
    const response = await io.http(request)
    if (response.status !== 200) return response
    const { data } = JSON.parse(new TextDecoder().decode(response.body)) as { data: unknown }
    for (const { at, message } of schema.checkResponse(request.method, path, data))
      wrong(`answer to ${call}: ${at} ${message}`)
    return response
  }
  return { ...io, http }
}

import { Failure } from '../../../model/failure.ts'
import type { HttpResponse, ReadIo } from '../../../model/io.ts'
import { type Look, until } from '../../kit/until.ts'
import type { ChangeAnswer } from './provider.ts'

/**
 * What an API's answer comes to. BADTOKEN: it does not know who asks. FORBIDDEN: it does, and refuses. NOZONE: the zone is not
 * there for this credential. LIMITED: too many requests. REJECTED: it does not take this change. APIFAILED: it failed itself.
 * UNREACHABLE: no answer. NOTPRIMARY, SERIALSTAYS, PROXIED: the zone or record cannot be moved this way. HALFWAY: some sets
 * are changed and served, some are not. STAGED: changed and not yet served.
 */
export const apiCodes = [
  'BADTOKEN',
  'BADTIME',
  'FORBIDDEN',
  'NOZONE',
  'LIMITED',
  'REJECTED',
  'APIFAILED',
  'UNREACHABLE',
  'NOTPRIMARY',
  'SERIALSTAYS',
  'PROXIED',
  'HALFWAY',
  'STAGED',
] as const
export type ApiCode = (typeof apiCodes)[number]

/** Thrown inside a driver; outside it is its `answer`. */
export class ApiRefusal extends Error {
  readonly answer: ChangeAnswer
  constructor(code: ApiCode, detail: string) {
    super(`${code}: ${detail}`)
    this.name = 'ApiRefusal'
    this.answer = { code, detail }
  }
}

/** What a status means where an API says no more. */
export function codeOfStatus(status: number): ApiCode {
  if (status === 401) return 'BADTOKEN'
  if (status === 403) return 'FORBIDDEN'
  if (status === 404) return 'NOZONE'
  if (status === 429) return 'LIMITED'
  return status >= 500 ? 'APIFAILED' : 'REJECTED'
}

/** The work's own answer, or that of the refusal it met. Anything else that is thrown goes on. */
export async function answering(work: () => Promise<ChangeAnswer>): Promise<ChangeAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiRefusal) return error.answer
    throw error
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `path` begins with a slash; `body` goes as JSON. `missing`: 404 is an answer, without a value. */
export type ApiRequest = { method: Method; path: string; body?: unknown; missing?: boolean }
export type ApiReply = { status: number; value: unknown; text: string }
/** One request; gives the value of its JSON answer, undefined for none. Throws ApiRefusal. */
export type ApiClient = (io: ReadIo, request: ApiRequest) => Promise<unknown>

type ApiOptions = {
  base: string
  /** Made anew for each attempt: a signature has its time. */
  headers(io: ReadIo, method: Method, url: string, body: string): Promise<Record<string, string>>
  /** The API's own words for a refusal, and its code where they tell more than the status. */
  explain(reply: ApiReply): { detail: string; code?: ApiCode }
  pinnedCertificateSha256?: string
}

const requestSeconds = 20
/** A limit that is over sooner is waited out; a longer one is left to the step's next attempt. */
const patienceSeconds = 15
const tries = 3

/** Without TLS to another machine. */
export function isExposed(base: string): boolean {
  const { protocol, hostname } = new URL(base)
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

export function apiClient(options: ApiOptions): ApiClient {
  return async (io, request) => {
    const look = async (): Promise<Look<HttpResponse, HttpResponse>> => {
      const response = await send(options, io, request)
      const pauseSeconds = Number(response.headers['retry-after'] ?? 5)
      const isLimited = response.status === 429 && pauseSeconds <= patienceSeconds
      return isLimited ? { waiting: response, pauseSeconds } : { done: response }
    }
    const response = await until(io, look, { looks: tries, otherwise: limited => ({ done: limited }) })
    return judged(options, request, response)
  }
}

async function send(options: ApiOptions, io: ReadIo, request: ApiRequest): Promise<HttpResponse> {
  const { method } = request
  const url = `${options.base}${request.path}`
  const body = request.body === undefined ? '' : JSON.stringify(request.body)
  const headers = {
    accept: 'application/json',
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...(await options.headers(io, method, url, body)),
  }
  const pinned = options.pinnedCertificateSha256
  try {
    return await io.http({
      method,
      url,
      headers,
      ...(body === '' ? {} : { body }),
      ...(pinned === undefined ? {} : { pinnedCertificateSha256: pinned }),
      timeoutSeconds: requestSeconds,
    })
  } catch (error) {
    io.signal.throwIfAborted()
    if (error instanceof Failure) throw new ApiRefusal('UNREACHABLE', `${method} ${url}: ${why(error)}`)
    throw error
  }
}

function judged(options: ApiOptions, request: ApiRequest, response: HttpResponse): unknown {
  const { status } = response
  const text = new TextDecoder().decode(response.body).trim()
  const value = parsed(text)
  if (status >= 200 && status < 300) return value
  if (status === 404 && request.missing) return undefined
  const { code = codeOfStatus(status), detail } = options.explain({ status, value, text })
  throw new ApiRefusal(code, `${request.method} ${options.base}${request.path}: ${status} ${detail}`)
}

/** Undefined for what is no JSON: an empty answer, or the page of a proxy. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const why = ({ text, cause }: Failure): string => {
  const detail = text.values?.detail ?? (cause instanceof Error ? cause.message : text.key)
  return String(detail)
}

import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Outcome } from './ledger.ts'
import { UnresolvedName } from './resolver.ts'

export type Asked = {
  name: string
  port: number
  method: 'GET' | 'POST'
  path: string
  token?: string
  json?: unknown
  headers?: Record<string, string>
  /** Statuses that are a success. */
  expected: number[]
  timeoutMilliseconds: number
  /** Of this machine, where it has several and they lead different ways. */
  localAddress?: string
}
/** Throws UnresolvedName. */
export type Resolve = { resolve(name: string): Promise<string> }
export type Answered = {
  outcome: Outcome
  startedAt: string
  milliseconds: number
  status?: number
  address?: string
  site?: string
  body: Buffer
}

/**
 * One request of a user: the name resolved, a connection of its own, one deadline for all of it. Never throws:
 * whatever goes wrong is an outcome.
 */
export async function ask(resolver: Resolve, asked: Asked, siteOf: (address: string) => string | undefined) {
  const startedAt = new Date().toISOString()
  const begun = performance.now()
  const answered: Answered = { outcome: 'ok', startedAt, milliseconds: 0, body: Buffer.alloc(0) }
  const signal = AbortSignal.timeout(asked.timeoutMilliseconds)
  try {
    answered.address = await resolver.resolve(asked.name)
    const response = await send(answered.address, asked, signal)
    answered.status = response.statusCode ?? 0
    const site = siteHeader(response) ?? siteOf(answered.address)
    if (site !== undefined) answered.site = site
    answered.body = await bodyOf(response)
    answered.outcome = outcomeOf(response, asked)
  } catch (error) {
    answered.outcome = signal.aborted ? 'timeout' : outcomeOfError(error)
  }
  answered.milliseconds = Math.round(performance.now() - begun)
  return answered
}

function send(address: string, asked: Asked, signal: AbortSignal): Promise<IncomingMessage> {
  const body = asked.json === undefined ? undefined : JSON.stringify(asked.json)
  const headers = {
    host: asked.name,
    accept: '*/*',
    ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...asked.headers,
  }
  const { port, method, path, localAddress } = asked
  const way = { host: address, port, ...(localAddress === undefined ? {} : { localAddress }) }
  return new Promise((resolve, reject) => {
    const request = httpRequest({ ...way, method, path, headers, agent: false, signal }, resolve)
    request.on('error', reject)
    request.end(body)
  })
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function outcomeOf(response: IncomingMessage, asked: Asked): Outcome {
  const status = response.statusCode ?? 0
  if (asked.expected.includes(status)) return 'ok'
  if (status === 503 && response.headers['x-maintenance'] !== undefined) return 'maintenance'
  if (status >= 500) return 'unavailable'
  return status === 401 && asked.token !== undefined ? 'session-lost' : 'error-status'
}

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof UnresolvedName) return 'unresolved'
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ECONNREFUSED') return 'refused'
  return noWay.includes(code) ? 'unreachable' : 'reset'
}

/** The last: what it was to be sent from is not there, as the address of a tunnel that is down. */
const noWay = ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']

function siteHeader(response: IncomingMessage): string | undefined {
  // Given twice when the edge and what stands behind it both say it.
  return response.headersDistinct['x-site']?.[0] || undefined
}

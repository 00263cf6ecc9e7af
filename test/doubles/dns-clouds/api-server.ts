import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ApiCall = {
  method: string
  path: string
  /** Path and query as they were sent. */
  target: string
  query: URLSearchParams
  headers: Record<string, string>
  /** As it came: signatures are made over it. */
  text: string
  /** Undefined without a body. Throws for what is no JSON. */
  body(): unknown
}
export type ApiAnswer = { status: number; body?: unknown; headers?: Record<string, string> }
/** What happens to a writing request: it is refused, or its answer never comes though it was carried out. */
export type Fault = ApiAnswer | 'answer lost'

/** An HTTP server on loopback in the place of a cloud's. The faults are of the test, the answers of the double. */
export class ApiServer {
  /** `PUT /path` of each writing request that was let through to the double. */
  readonly writes: string[] = []
  readonly reads: string[] = []
  /** By the number of the writing request, from 1, counted from when it is set. */
  readonly #faults = new Map<number, Fault>()
  #written = 0
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      answer => {
        if (answer === 'answer lost') return void response.destroy()
        const body = answer.body === undefined ? '' : JSON.stringify(answer.body)
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        response.end(body)
      },
      (error: unknown) => {
        response.writeHead(500)
        response.end(String(error))
      },
    )
  })
  readonly #double: (call: ApiCall) => ApiAnswer

  constructor(double: (call: ApiCall) => ApiAnswer) {
    this.#double = double
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The write that is this many after now, from 1, meets this, and so do `times - 1` after it. */
  failWrite(number: number, fault: Fault, times = 1): void {
    for (let more = 0; more < times; more++) this.#faults.set(this.#written + number + more, fault)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage): Promise<Fault> {
    const call = await callOf(request)
    const line = `${call.method} ${call.path}`
    if (call.method === 'GET') {
      this.reads.push(line)
      return this.#double(call)
    }
    this.#written++
    const fault = this.#faults.get(this.#written)
    if (fault !== undefined && fault !== 'answer lost') return fault
    const answer = this.#double(call)
    if (answer.status < 300) this.writes.push(line)
    return fault ?? answer
  }
}

async function callOf(request: IncomingMessage): Promise<ApiCall> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '/', 'http://api')
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    target: request.url ?? '/',
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    text,
    body: () => (text === '' ? undefined : JSON.parse(text)),
  }
}

/** Whether a value is an object with these keys and, beyond these, none but those that may be left out. */
export function hasShape(value: unknown, needed: string[], optional: string[] = []): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return needed.every(key => keys.includes(key)) && keys.every(key => [...needed, ...optional].includes(key))
}

/** Whether a value may stand in a record of this type, as these APIs judge it. */
export function isData(type: string, data: string): boolean {
  const name = /^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.?)+$/
  switch (type) {
    case 'A':
      return /^(\d{1,3}\.){3}\d{1,3}$/.test(data)
    case 'AAAA':
      return /^[0-9a-fA-F:]+$/.test(data) && data.includes(':')
    case 'MX':
      return /^\d+ \S+$/.test(data) && name.test(data.split(' ')[1] ?? '')
    case 'TXT':
      return /^"([^"\\]|\\.)*"( "([^"\\]|\\.)*")*$/.test(data)
    default:
      return name.test(data)
  }
}

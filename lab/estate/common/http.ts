import type { IncomingMessage } from 'node:http'
import type { ZodType } from 'zod'

const bodyLimitBytes = 64 * 1024

export type Call = {
  url: URL
  /** The path's named parts, decoded. */
  parts: Record<string, string>
  /** The bearer token, when one was sent. */
  token: string | undefined
  body<T>(shape: ZodType<T>): Promise<T>
}
export type Reply = { status: number; json?: unknown; html?: string; headers?: Record<string, string> }
export type Route = {
  method: 'GET' | 'POST'
  /** E.g. `/courses/:id`. */
  path: string
  handle(call: Call): Promise<Reply>
}

/** Thrown by a handler to answer with this status and sentence. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The route and the path's parts; `allowed` holds the methods of a path that exists under other ones. */
export function matchRoute(routes: Route[], method: string, pathname: string) {
  const allowed: string[] = []
  for (const route of routes) {
    const parts = matchPath(route.path, pathname)
    if (!parts) continue
    if (route.method === (method === 'HEAD' ? 'GET' : method)) return { route, parts, allowed }
    allowed.push(route.method)
  }
  return { route: undefined, parts: {}, allowed }
}

function matchPath(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return undefined
  const parts: Record<string, string> = {}
  for (const [index, name] of wanted.entries()) {
    const value = given[index] ?? ''
    if (name.startsWith(':')) parts[name.slice(1)] = value
    else if (name !== value) return undefined
  }
  return parts
}

export function callOf(request: IncomingMessage, url: URL, parts: Record<string, string>): Call {
  return {
    url,
    parts,
    token: /^Bearer ([\w-]{16,128})$/.exec(request.headers.authorization ?? '')?.[1],
    body: async shape => {
      const result = shape.safeParse(await readJson(request))
      if (result.success) return result.data
      const where = result.error.issues.map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`)
      throw new Refusal(400, where.join('; '))
    },
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > bodyLimitBytes) throw new Refusal(413, `body over ${bodyLimitBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal(400, 'body is not JSON')
  }
}

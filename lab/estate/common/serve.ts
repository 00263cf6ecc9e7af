import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Pool } from 'pg'
import type { Configuration } from './configuration.ts'
import { isPassing } from './database.ts'
import { callOf, matchRoute, Refusal, type Reply, type Route } from './http.ts'
import { log } from './log.ts'

/** Requests under way get this long after SIGTERM; with closing the pool, the program is gone within 2 s. */
const drainMilliseconds = 1400
const poolCloseMilliseconds = 400

/** Listens, answers by the routes, and ends the process cleanly on SIGTERM or SIGINT. */
export function serve(name: string, configuration: Configuration, pool: Pool, routes: Route[]): Server {
  let stopping = false
  const server = createServer((request, response) => {
    response.setHeader('X-Site', configuration.site)
    // A kept-alive connection would otherwise hold the stop until its client goes away.
    if (stopping) response.setHeader('Connection', 'close')
    response.on('finish', () => stopping && server.closeIdleConnections())
    answer(routes, request, response).catch(error => {
      log('defect', { message: error instanceof Error ? error.message : String(error) })
      response.destroy()
    })
  })
  const stop = () => {
    if (stopping) return
    stopping = true
    log('stopping')
    server.close(() => closePool(pool).then(() => process.exit(0)))
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), drainMilliseconds).unref()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  server.on('error', error => {
    log('cannot-listen', { message: error.message })
    process.exit(1)
  })
  server.listen(configuration.listenPort, configuration.listenAddress, 511, () => {
    const { address, port } = server.address() as AddressInfo
    log('listening', { service: name, site: configuration.site, address, port })
  })
  return server
}

async function answer(routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await replyTo(routes, request)
  const body = reply.html ?? `${JSON.stringify(reply.json ?? {})}\n`
  response.writeHead(reply.status, {
    'Content-Type': reply.html === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...reply.headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function replyTo(routes: Route[], request: IncomingMessage): Promise<Reply> {
  try {
    const url = new URL(request.url ?? '/', 'http://estate')
    const { route, parts, allowed } = matchRoute(routes, request.method ?? 'GET', url.pathname)
    if (route) return await route.handle(callOf(request, url, parts))
    if (allowed.length === 0) return refuse(404, 'no such page')
    return { ...refuse(405, 'method not allowed'), headers: { Allow: allowed.join(', ') } }
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.status, error.message)
    log('failed', { path: request.url?.split('?')[0] ?? '', message: (error as Error).message })
    if (!isPassing(error)) return refuse(500, 'internal error')
    return { ...refuse(503, 'temporarily unavailable'), headers: { 'Retry-After': '2' } }
  }
}

const refuse = (status: number, error: string): Reply => ({ status, json: { error } })

/** A connection stuck on a dead database must not hold the stop. */
async function closePool(pool: Pool): Promise<void> {
  const late = new Promise(resolve => setTimeout(resolve, poolCloseMilliseconds))
  await Promise.race([pool.end().catch(() => undefined), late])
}

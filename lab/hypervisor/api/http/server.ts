import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { readUsers, verifyToken } from '../permissions/users.ts'
import { type Answer, type Format, failure, firstLine, success } from './answer.ts'
import { readParameters } from './body.ts'
import type { Hypervisor } from './call.ts'
import { dispatch } from './dispatch.ts'
import type { Route } from './route.ts'
import { upgrade } from './upgrade.ts'

export type ServerOptions = {
  certificate: { cert: string; key: string }
  /** Before a 401; PVE's is 3. */
  unauthorizedDelaySeconds?: number
}

/** PVE's API on HTTPS, not yet listening. */
export function createApi(hypervisor: Hypervisor, routes: readonly Route[], options: ServerOptions): Server {
  const delaySeconds = options.unauthorizedDelaySeconds ?? 3
  const server = createServer(options.certificate, (request, response) => {
    if (hypervisor.faults.find('node-unreachable')) return request.socket.destroy()
    answer(hypervisor, routes, request, delaySeconds)
      .catch((error: unknown) => failure('json', error))
      .then(reply => send(response, reply))
  })
  server.on('secureConnection', socket => {
    if (hypervisor.faults.find('node-unreachable')) socket.destroy()
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) =>
    upgrade(hypervisor, request, stream, head),
  )
  return server
}

/** Reachable without a token. */
const open = [/^GET \/access\/domains$/, /^(GET|POST) \/access\/ticket$/]

async function answer(
  hypervisor: Hypervisor,
  routes: readonly Route[],
  request: IncomingMessage,
  delaySeconds: number,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'https://pve')
  const [, format, rest = ''] = /^\/api2\/(json|extjs)(\/.*)?$/.exec(url.pathname) ?? []
  if (format !== 'json' && format !== 'extjs') return plain(501, 'no such uri')
  const method = request.method ?? 'GET'
  const path = rest.replace(/\/$/, '') || '/'
  const users = readUsers(hypervisor.root)
  const header = request.headers.authorization ?? ''
  const now = Math.floor(Date.now() / 1000)
  const user = header === '' ? undefined : verifyToken(users, header, now)
  if (user === undefined && !open.some(one => one.test(`${method} ${path}`))) {
    await sleep(delaySeconds * 1000)
    return plain(401, header.startsWith('PVEAPIToken') ? 'Authentication failed!' : 'No ticket', '')
  }
  return reply(format, async () => {
    const given = await readParameters(request, url)
    return dispatch(hypervisor, routes, { method, path, given, user: user ?? '', users })
  })
}

async function reply(format: Format, work: () => ReturnType<typeof dispatch>): Promise<Answer> {
  try {
    const { data, total } = await work()
    return success(format, data, total)
  } catch (error) {
    return failure(format, error)
  }
}

const plain = (status: number, reason: string, body = reason): Answer => ({
  status,
  reason,
  body,
  contentType: 'text/plain',
})

function send(response: ServerResponse, { status, reason, body, contentType }: Answer): void {
  if (response.destroyed) return
  const headers = {
    'Content-Type': contentType ?? 'application/json;charset=UTF-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'max-age=0',
    Pragma: 'no-cache',
    Server: 'pve-api-daemon/3.0',
    ...(status >= 400 ? { Connection: 'close' } : {}),
  }
  response.writeHead(status, firstLine(reason), headers)
  response.end(body)
}

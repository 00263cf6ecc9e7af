import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, failure, firstLine } from './answer.ts'
import { answerTo } from './answer-to.ts'
import { readParameters } from './body.ts'
import type { Hypervisor } from './call.ts'
import { upgrade } from './upgrade.ts'

export type ServerOptions = {
  certificate: { cert: string; key: string }
  /** Before a 401; PVE's is 3. */
  unauthorizedDelaySeconds?: number
}

/** PVE's API on HTTPS, not yet listening. */
export function createApi(hypervisor: Hypervisor, options: ServerOptions): Server {
  const delaySeconds = options.unauthorizedDelaySeconds ?? 3
  const server = createServer(options.certificate, (request, response) => {
    if (hypervisor.faults.find('node-unreachable')) return request.socket.destroy()
    answer(hypervisor, request)
      .catch((error: unknown) => failure('json', error))
      .then(async reply => {
        if (reply.status === 401) await sleep(delaySeconds * 1000)
        send(response, reply)
      })
  })
  server.on('secureConnection', socket => {
    if (hypervisor.faults.find('node-unreachable')) socket.destroy()
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) =>
    upgrade(hypervisor, request, stream, head),
  )
  return server
}

function answer(hypervisor: Hypervisor, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'https://pve')
  return answerTo(hypervisor, {
    method: request.method ?? 'GET',
    path: url.pathname,
    authorization: request.headers.authorization ?? '',
    parameters: () => readParameters(request, url),
  })
}

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

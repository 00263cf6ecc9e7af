import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { decode, encode } from 'dns-packet'

/** Which backend answers for a name (`auth`, `courses`…), and whether its maintenance page is up. */
export type Edge = {
  port: number
  site: string
  backends: Record<string, string>
  maintenance: Set<string>
  close(): Promise<void>
}

/** A site's front door with its file server, on a loopback address: as the laboratory's nginx, in one process. */
export async function openEdge(site: string, address: string, port: number, files: string): Promise<Edge> {
  const edge: Pick<Edge, 'backends' | 'maintenance'> = { backends: {}, maintenance: new Set() }
  const server = createServer(async (incoming, response) => {
    const [named = ''] = incoming.headers.host?.split('.') ?? []
    // Whoever has no backend is asking for the files, by name or by address.
    const name = Object.hasOwn(edge.backends, named) ? named : 'files'
    if (edge.maintenance.has(name)) {
      response.writeHead(503, { 'X-Maintenance': '1', 'X-Site': site }).end()
    } else if (name === 'files') {
      await sendFile(join(files, decodeURIComponent(incoming.url ?? '')), site, incoming, response)
    } else {
      forward(edge.backends[name] ?? '', incoming, response)
    }
  }).listen(port, address)
  await once(server, 'listening')
  return {
    ...edge,
    site,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function sendFile(path: string, site: string, incoming: IncomingMessage, response: ServerResponse) {
  const content = await readFile(path).catch(() => undefined)
  if (!content) return response.writeHead(404).end()
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(incoming.headers.range ?? '') ?? []
  response.writeHead(first ? 206 : 200, { 'X-Site': site })
  response.end(incoming.method === 'HEAD' ? '' : first ? content.subarray(+first, Number(last) + 1) : content)
}

function forward(backend: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = incoming
  const onward = request(`${backend}${url}`, { method, headers, agent: false }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  incoming.pipe(onward)
}

export type NameServer = { port: number; address: string; ttlSeconds: number; asked: number; close(): void }

/** Answers every question with one address, which the test may change. */
export async function openNames(address: string): Promise<NameServer> {
  const socket = createSocket('udp4')
  const names: NameServer = { port: 0, address, ttlSeconds: 1, asked: 0, close: () => socket.close() }
  socket.on('message', (message, from) => {
    const { id, questions } = decode(message)
    names.asked += 1
    const name = questions?.[0]?.name ?? ''
    const answers = [{ type: 'A' as const, name, ttl: names.ttlSeconds, data: names.address }]
    socket.send(
      encode({ type: 'response', id: id ?? 0, questions: questions ?? [], answers }),
      from.port,
      from.address,
    )
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  names.port = socket.address().port
  return names
}

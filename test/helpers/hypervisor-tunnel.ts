import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Endpoint, Machines } from '../../lab/hypervisor/machines/index.ts'
import { newLog, type TestLog } from './hypervisor-world.ts'

export type Gate = {
  endpoint: Endpoint
  log: TestLog
  /** What the last migration into here ended with. */
  ended: Promise<void>
  /** Requests that came, as method and path. */
  asked: string[]
  close(): Promise<void>
}

/** The part of the other cluster's API that a migration needs, in front of its machines. */
export async function openGate(machines: Machines, directory: string): Promise<Gate> {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const subject = ['-subj', '/CN=toulouse', '-days', '2']
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      ...subject,
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  )
  const token = 'bascule@pve!move=secret-of-the-test'
  const gate: Gate = {
    endpoint: {
      ...{ host: '127.0.0.1', port: 0, token },
      fingerprint: new X509Certificate(readFileSync(cert)).fingerprint256,
    },
    ...{ log: newLog(), ended: Promise.resolve(), asked: [] },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
  const vmidIn = (url = '') => Number(/\/qemu\/(\d+)\//.exec(url)?.[1])
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    gate.asked.push(`${request.method} ${request.url}`)
    const allowed = request.headers.authorization === `PVEAPIToken=${token}`
    if (!allowed) return response.writeHead(401, 'Authentication failed!').end()
    request.resume()
    machines.openTunnel(vmidIn(request.url), {}, gate.log).then(
      ({ ticket, socket, ended }) => {
        gate.ended = ended
        ended.catch(() => {})
        response.writeHead(200).end(JSON.stringify({ data: { ticket, socket } }))
      },
      error => response.writeHead(500, error.message).end(),
    )
  })
  server.on('upgrade', (request, stream, head) => {
    const url = new URL(request.url ?? '', 'https://localhost')
    gate.asked.push(`${request.method} ${url.pathname}`)
    const [socket, ticket] = ['socket', 'ticket'].map(name => url.searchParams.get(name) ?? '')
    machines.joinTunnel(vmidIn(url.pathname), { socket: socket ?? '', ticket: ticket ?? '' }, stream, head)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  gate.endpoint.port = (server.address() as AddressInfo).port
  return gate
}

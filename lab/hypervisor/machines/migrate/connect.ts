import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { Refusal } from '../refusal.ts'
import type { Endpoint } from '../types.ts'

const secondsToConnect = 20

/**
 * TLS to the other cluster. Its certificate is signed by nobody we know: it is this very one that is expected, and
 * nothing is sent before it has been seen.
 */
function connectPinned({ host, port, fingerprint }: Endpoint): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      socket.destroy()
      reject(new Refusal(`failed to connect to ${host}:${port} - ${why}`))
    }
    const socket = connect({ host, port, rejectUnauthorized: false, servername: '' })
    socket.setTimeout(secondsToConnect * 1000, () => fail('Connection timed out'))
    socket.once('error', error => fail(error.message))
    socket.once('secureConnect', () => {
      const found = socket.getPeerCertificate().fingerprint256
      if (found?.toUpperCase() !== fingerprint.toUpperCase())
        return fail(`fingerprint '${found}' not verified, abort!`)
      socket.setTimeout(0)
      socket.removeAllListeners('error')
      socket.setKeepAlive(true, 10_000)
      resolve(socket)
    })
  })
}

const headersFor = ({ token }: Endpoint) => ({ Authorization: `PVEAPIToken=${token}` })

/** One call of the other cluster's API; gives its `data`. */
export async function callApi(
  endpoint: Endpoint,
  path: string,
  form: Record<string, string>,
): Promise<Record<string, string>> {
  const socket = await connectPinned(endpoint)
  const body = new URLSearchParams(form).toString()
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = httpRequest({
      createConnection: () => socket,
      ...{ method: 'POST', path, host: endpoint.host },
      headers: {
        ...headersFor(endpoint),
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
      },
    })
    asked.once('error', reject)
    asked.once('response', resolve)
    asked.setTimeout(60_000, () => asked.destroy(new Refusal(`no answer from ${endpoint.host}`)))
    asked.end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  if (answer.statusCode !== 200)
    throw new Refusal(`${answer.statusCode} ${answer.statusMessage ?? ''}`.trim(), {
      status: answer.statusCode ?? 500,
    })
  return (JSON.parse(Buffer.concat(chunks).toString()) as { data: Record<string, string> }).data
}

/** A connection of its own to one of the target's sockets. */
export async function connectThrough(
  endpoint: Endpoint,
  vmid: number,
  asked: { socket: string; ticket: string },
): Promise<Duplex> {
  const socket = await connectPinned(endpoint)
  const path = `/api2/json/nodes/localhost/qemu/${vmid}/mtunnelwebsocket?${new URLSearchParams(asked)}`
  return await new Promise((resolve, reject) => {
    const upgrade = httpRequest({
      createConnection: () => socket,
      ...{ method: 'GET', path, host: endpoint.host },
      headers: { ...headersFor(endpoint), Connection: 'Upgrade', Upgrade: 'pve-tunnel' },
    })
    upgrade.once('error', reject)
    upgrade.once('response', ({ statusCode, statusMessage }) => {
      socket.destroy()
      reject(new Refusal(`WebSocket upgrade failed - ${statusCode} ${statusMessage}`))
    })
    upgrade.once('upgrade', (_answer, stream: Duplex, head: Buffer) => {
      if (head.length > 0) stream.unshift(head)
      resolve(stream)
    })
    upgrade.setTimeout(60_000, () => upgrade.destroy(new Refusal(`no answer from ${endpoint.host}`)))
    upgrade.end()
  })
}

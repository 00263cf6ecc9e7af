import { request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { Refusal } from '../../machines/refusal.ts'
import type { Endpoint } from '../../machines/types.ts'

const secondsToAnswer = 30

/** The other cluster's API as `remote_migrate` first asks it: its node's name. Throws in PVE's words. */
export async function remoteNode(endpoint: Endpoint): Promise<string> {
  const socket = await pinned(endpoint)
  const entries = await ask(endpoint, socket, '/api2/json/cluster/status')
  const local = entries.find(({ type, local }) => type === 'node' && local === 1)
  if (local?.name === undefined) throw new Refusal("couldn't determine endpoint's node name")
  return local.name
}

/** Nothing is sent before the certificate is the one that was named. */
function pinned({ host, port, fingerprint }: Endpoint): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const unreachable = (why: string) => reject(new Refusal(`500 Can't connect to ${host}:${port} (${why})`))
    const socket = connect({ host, port, rejectUnauthorized: false })
    socket.setTimeout(secondsToAnswer * 1000, () => socket.destroy(new Error('Connection timed out')))
    socket.once('error', error => unreachable(error.message))
    socket.once('secureConnect', () => {
      const seen = socket.getPeerCertificate().fingerprint256
      if (seen.toUpperCase() === fingerprint.toUpperCase()) return resolve(socket)
      socket.destroy()
      reject(new Refusal(`fingerprint '${seen}' not verified, abort!`))
    })
  })
}

type StatusEntry = { type?: string; local?: number; name?: string }

function ask({ host, port, token }: Endpoint, socket: TLSSocket, path: string): Promise<StatusEntry[]> {
  return new Promise((resolve, reject) => {
    const headers = { Host: `${host}:${port}`, Authorization: `PVEAPIToken=${token}`, Connection: 'close' }
    const asked = request({ path, headers, createConnection: () => socket }, async response => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      if (response.statusCode !== 200)
        return reject(new Refusal(`${response.statusCode} ${response.statusMessage}`))
      resolve((JSON.parse(body) as { data: StatusEntry[] }).data)
    })
    asked.once('error', error =>
      reject(new Refusal(`500 Can't connect to ${host}:${port} (${error.message})`)),
    )
    asked.end()
  })
}

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Failure } from '../../src/model/failure.ts'
import { http } from '../../src/transport/http.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const run = promisify(execFile)
const never = new AbortController().signal
let directory: string
let identity: { key: string; cert: string }
/** As openssl prints it, so as people paste it into a plan. */
let fingerprint: string

beforeAll(async () => {
  directory = temporaryFolder('pinned')
  const [key, cert] = [join(directory, 'key'), join(directory, 'cert')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await run('openssl', [...request, '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=pve'])
  identity = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  const { stdout } = await run('openssl', ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256'])
  fingerprint = stdout.trim().replace(/^.*=/, '')
})

let close: () => void = () => undefined
afterEach(() => close())

async function servePve(): Promise<number> {
  const server = createHttps(identity, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    response.end(JSON.stringify({ url: request.url, token: request.headers.authorization, body }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  return (server.address() as AddressInfo).port
}

/** Speaks TLS and keeps every byte that it decrypts: what a stranger in the middle would read. */
async function serveEavesdropper() {
  const heard: Buffer[] = []
  const sockets: Socket[] = []
  const left = Promise.withResolvers<void>()
  const server = createTls(identity, (socket: TLSSocket) => {
    socket.on('data', chunk => {
      heard.push(chunk)
      socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n')
    })
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  server.on('connection', socket => {
    sockets.push(socket)
    socket.on('close', () => left.resolve())
  })
  await once(server, 'listening')
  close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  /** Once the visitor has gone. */
  const heardAll = async () => {
    await left.promise
    return { visitors: sockets.length, text: Buffer.concat(heard).toString() }
  }
  return { port: (server.address() as AddressInfo).port, heardAll }
}

const asked = (port: number, pinnedCertificateSha256: string) =>
  http(
    {
      method: 'POST',
      url: `https://127.0.0.1:${port}/api2/json/version`,
      headers: { authorization: 'PVEAPIToken=a@pve!b=secret' },
      body: 'a=1',
      pinnedCertificateSha256,
    },
    never,
  )
const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => expect.unreachable(),
    thrown => thrown,
  )

test.each([
  ['as openssl prints it', (text: string) => text],
  ['in small letters without colons', (text: string) => text.replaceAll(':', '').toLowerCase()],
])('a self-signed certificate is accepted by its fingerprint, %s', async (_, written) => {
  const answer = await asked(await servePve(), written(fingerprint))
  expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({
    url: '/api2/json/version',
    token: 'PVEAPIToken=a@pve!b=secret',
    body: 'a=1',
  })
})

test('without a fingerprint a self-signed certificate is refused as ever', async () => {
  const failure = await failureOf(
    http({ method: 'GET', url: `https://localhost:${await servePve()}/` }, never),
  )
  expect(failure.text.values?.detail).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
})

test('the eavesdropper would hear a request', async () => {
  const { port, heardAll } = await serveEavesdropper()
  await asked(port, fingerprint)
  expect((await heardAll()).text).toContain('PVEAPIToken=a@pve!b=secret')
})

test('to a wrong fingerprint not one byte is sent, and both are told', async () => {
  const { port, heardAll } = await serveEavesdropper()
  const other = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '01' : '00')
  const failure = await failureOf(asked(port, other))
  expect(await heardAll()).toEqual({ visitors: 1, text: '' })
  expect(failure.text).toEqual({
    key: 'transport.http.certificate',
    values: { at: `127.0.0.1:${port}`, expected: other, found: fingerprint },
  })
  expect(JSON.stringify([failure.text, failure.remedy])).not.toContain('secret')
})

test('the command of its remedy prints the fingerprint to compare', async () => {
  const port = await servePve()
  const failure = await failureOf(
    asked(port, fingerprint.replace(/..$/, fingerprint.endsWith('00') ? '01' : '00')),
  )
  const { stdout } = await run('bash', ['-c', String(failure.remedy?.values?.command)], { timeout: 200_000 })
  expect(stdout).toContain(fingerprint)
})

test('what is no fingerprint, and what is no https, is a defect told before any connection', async () => {
  await expect(failureOf(asked(1, 'AA:BB'))).resolves.toMatchObject({ cause: expect.any(TypeError) })
  const call = http(
    { method: 'GET', url: 'http://127.0.0.1:1/', pinnedCertificateSha256: fingerprint },
    never,
  )
  await expect(failureOf(call)).resolves.toMatchObject({ cause: expect.any(TypeError) })
})

test('a server that never ends its handshake is left in time', async () => {
  const sockets: Socket[] = []
  const server = createServer(socket => void sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const failure = await failureOf(
    http({ method: 'GET', url, timeoutSeconds: 0.3, pinnedCertificateSha256: fingerprint }, never),
  )
  expect(failure.text.key).toBe('transport.http.timeout')
})

import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, TLSSocket } from 'node:tls'
import { freePort } from '../helpers/free-port.ts'
import { type Identity, signItself } from '../helpers/self-signed.ts'

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const authentication = (code: number, more: string | Buffer = ''): Buffer => {
  const number = Buffer.alloc(4)
  number.writeInt32BE(code)
  return message('R', Buffer.concat([number, Buffer.from(more)]))
}
/** Logged in, with nothing proven, and ready for statements. */
const welcome = Buffer.concat([
  authentication(0),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
])

/** What a server may ask for, to get at a password or at what comes after it. */
export const demands = {
  cleartext: [authentication(3)],
  md5: [authentication(5, 'salt')],
  'scram without channel binding': [authentication(10, 'SCRAM-SHA-256\0\0')],
  nothing: [welcome],
  'scram, and lets in without its own proof': [
    authentication(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0'),
    welcome,
  ],
}
export type Demand = keyof typeof demands

/** A self-signed certificate and its key. */
export function newIdentity(directory: string, name: string): Identity {
  const identity = { key: join(directory, `${name}.key`), certificate: join(directory, `${name}.crt`) }
  signItself(identity, ['-addext', 'subjectAltName=IP:127.0.0.1'])
  return identity
}

/** Speaks TLS with a certificate of its own in the place of PostgreSQL, and keeps every byte that it decrypts. */
export async function startImpostor({ key, certificate }: Identity, demand: Demand) {
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(certificate) })
  const heard: Buffer[] = []
  const sockets: Socket[] = []
  const server = createServer(plain => {
    sockets.push(plain)
    plain.on('error', () => undefined)
    plain.once('data', () => {
      plain.write('S')
      const socket = new TLSSocket(plain, { isServer: true, secureContext })
      socket.on('error', () => undefined)
      const answers = [...demands[demand]]
      socket.on('data', chunk => {
        heard.push(chunk)
        const answer = answers.shift()
        if (answer) socket.write(answer)
      })
    })
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    heard: () => Buffer.concat(heard).toString('latin1'),
    visitors: () => sockets.length,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

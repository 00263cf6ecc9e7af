import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { signItself } from './self-signed.ts'

const settings = (directory: string): string => `[tsa]
default_tsa = own
[own]
serial = ${directory}/serial
crypto_device = builtin
signer_cert = ${directory}/certificate
signer_key = ${directory}/key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_chain = no
`

export type StampServer = AsyncDisposable & {
  url: string
  /** Its certificate, which vouches for itself. */
  trusted: string
  /** What it answers instead of a stamp; undefined: it stamps. */
  refuses: { status: number; body: Buffer } | undefined
  readonly asked: number
}

/** A time-stamp authority on a port of this machine: OpenSSL's own, asked over HTTP as RFC 3161 says. */
export async function stampServer(directory: string): Promise<StampServer> {
  mkdirSync(directory, { recursive: true })
  const [config, query] = [join(directory, 'config'), join(directory, 'query')]
  const trusted = join(directory, 'certificate')
  writeFileSync(config, settings(directory))
  writeFileSync(join(directory, 'serial'), '01\n')
  signItself({ key: join(directory, 'key'), certificate: trusted }, [
    ...['-addext', 'extendedKeyUsage=critical,timeStamping', '-addext', 'keyUsage=critical,digitalSignature'],
  ])
  let asked = 0
  const own = { refuses: undefined as StampServer['refuses'] }
  const server = createServer(async (request, response) => {
    asked += 1
    const isQuery = request.headers['content-type'] === 'application/timestamp-query'
    writeFileSync(query, Buffer.concat(await Array.fromAsync(request)))
    if (own.refuses) return response.writeHead(own.refuses.status).end(own.refuses.body)
    if (request.method !== 'POST' || !isQuery) return response.writeHead(400).end()
    const argv = ['ts', '-reply', '-config', config, '-queryfile', query, '-out', `${query}.reply`]
    execFileSync('openssl', argv, { stdio: 'ignore' })
    response
      .writeHead(200, { 'content-type': 'application/timestamp-reply' })
      .end(readFileSync(`${query}.reply`))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(own, {
    url: `http://127.0.0.1:${port}/stamp`,
    trusted,
    get asked() {
      return asked
    },
    async [Symbol.asyncDispose]() {
      await new Promise(resolve => server.close(resolve))
    },
  })
}

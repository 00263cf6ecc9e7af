import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Failure } from '../model/failure.ts'
import { quoteArgument } from './quote.ts'

export type PinnedServer = {
  host: string
  port: number
  /** Of its certificate: 32 pairs of hexadecimal figures, with or without colons. */
  sha256: string
  /** The protocol in which TLS is asked for; missing: TLS from the first byte. */
  startTls?: 'postgres'
}

/** As Node and openssl print it. Throws TypeError for what is no SHA-256 fingerprint. */
export function withColons(fingerprint: string): string {
  const pairs = fingerprint
    .replaceAll(':', '')
    .toUpperCase()
    .match(/^[0-9A-F]{64}$/)?.[0]
    .match(/../g)
  if (!pairs) throw new TypeError('a SHA-256 fingerprint has 32 pairs of hexadecimal figures')
  return pairs.join(':')
}

/** To be called before anything is written. Throws Failure for any other certificate than the pinned one. */
export function requirePinned(server: PinnedServer, socket: TLSSocket): void {
  const expected = withColons(server.sha256)
  // Not getPeerX509Certificate: once asked, Node 24 has no certificate left for the channel binding.
  const found = socket.getPeerCertificate().fingerprint256 ?? ''
  if (found === expected) return
  const { host, port, startTls } = server
  const at = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const options = startTls === undefined ? '' : `-starttls ${startTls} `
  const command = `openssl s_client ${options}-connect ${quoteArgument(at)} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`
  throw new Failure(
    { key: 'transport.http.certificate', values: { at, expected, found } },
    { remedy: { key: 'transport.remedy.fingerprint', values: { command } }, code: 'certificate' },
  )
}

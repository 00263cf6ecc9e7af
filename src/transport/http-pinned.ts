import { isIP } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { Failure } from '../model/failure.ts'
import { quoteArgument } from './quote.ts'

export type PinnedPlace = {
  url: URL
  host: string
  port: number
  servername: string
  sha256: string
}

/**
 * A TLS connection to the one server whose certificate has this fingerprint. The certificate is looked at before
 * anything is written: a request only exists once this has come back. Throws Failure for any other certificate.
 */
export async function pinnedConnection(place: PinnedPlace, signal: AbortSignal): Promise<TLSSocket> {
  if (place.url.protocol !== 'https:') throw new TypeError('only https can be pinned to a certificate')
  const expected = withColons(place.sha256)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({
    host: place.host,
    port: place.port,
    // An address is no server name: TLS has none for it.
    ...(isIP(place.servername) ? {} : { servername: place.servername }),
    // Who signed it says nothing here: the fingerprint below is the whole proof, and stricter.
    rejectUnauthorized: false,
  })
  addAbortSignal(signal, socket)
  socket.once('secureConnect', resolve).once('error', reject)
  try {
    await promise
    const found = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
    if (found !== expected) throw otherCertificate(place, expected, found)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** As Node and openssl print it. Throws TypeError for what is no SHA-256 fingerprint. */
function withColons(fingerprint: string): string {
  const pairs = fingerprint
    .replaceAll(':', '')
    .toUpperCase()
    .match(/^[0-9A-F]{64}$/)?.[0]
    .match(/../g)
  if (!pairs) throw new TypeError('a SHA-256 fingerprint has 32 pairs of hexadecimal figures')
  return pairs.join(':')
}

function otherCertificate(place: PinnedPlace, expected: string, found: string): Failure {
  const at = `${isIP(place.host) === 6 ? `[${place.host}]` : place.host}:${place.port}`
  const command = `openssl s_client -connect ${quoteArgument(at)} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`
  return new Failure(
    { key: 'transport.http.certificate', values: { at, expected, found } },
    { remedy: { key: 'transport.remedy.fingerprint', values: { command } } },
  )
}

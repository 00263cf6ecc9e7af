import { isIP } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { requirePinned, withColons } from './certificate.ts'

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
  withColons(place.sha256)
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
    requirePinned(place, socket)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

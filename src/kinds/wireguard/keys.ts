import { createPrivateKey, createPublicKey } from 'node:crypto'
import { sha256Hex } from '../../model/canonical.ts'
import { Failure } from '../../model/failure.ts'

/** Before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex')
const keyBytes = 32

/** What people compare and the journal keeps instead of a key: 16 hexadecimal figures of the SHA-256 of its base64. */
export const fingerprintOf = (publicKey: string): string => sha256Hex(publicKey).slice(0, 16)

/** As `wg pubkey`. Throws Failure, which does not show the key, when it is none; `what` says whose it should be. */
export function publicKeyOf(privateKey: string, what: string): string {
  const raw = Buffer.from(privateKey.trim(), 'base64')
  if (raw.length !== keyBytes) throw new Failure({ key: 'wireguard.key.malformed', values: { what } })
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, raw]), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-keyBytes).toString('base64')
}

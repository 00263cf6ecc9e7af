import { createHash } from 'node:crypto'
import { type Checkpoint, checkpointText } from './checkpoint.ts'

/** AlgorithmIdentifier of SHA-256 (RFC 5754, section 2.2) in front of the hash itself, in DER. */
const sha256Imprint = Buffer.from('3031300d060960864801650304020105000420', 'hex')
const version1 = Buffer.from('020101', 'hex')
/** The authority's certificate comes with the answer, so that it can be verified years later. */
const certificateAsked = Buffer.from('0101ff', 'hex')
const sequence = 0x30

/** SHA-256 of the unsigned text of a checkpoint. */
export const stampedHash = (checkpoint: Checkpoint): Buffer =>
  createHash('sha256').update(checkpointText(checkpoint)).digest()

/** A TimeStampReq of RFC 3161, section 2.4.1, without policy and nonce: the hash is of one state of one journal, asked once. */
export function timestampRequest(hash: Buffer): Buffer {
  const content = Buffer.concat([version1, sha256Imprint, hash, certificateAsked])
  return Buffer.concat([Buffer.of(sequence, content.length), content])
}

/**
 * Whether an answer says `granted` (0) or `grantedWithMods` (1) and names the hash: PKIStatus of RFC 3161, section 2.4.2. Who
 * signed it is for `openssl ts -verify` to tell.
 */
export function isGranted(response: Buffer, hash: Buffer): boolean {
  const status = innerOf(innerOf(response))
  const isInteger = status[0] === 0x02 && status[1] === 1
  return isInteger && (status[2] === 0 || status[2] === 1) && response.includes(hash)
}

/** What is in a DER sequence, length of one byte or more; empty when it is none. */
function innerOf(der: Buffer): Buffer {
  const length = der[1]
  if (der[0] !== sequence || length === undefined) return Buffer.of()
  return der.subarray(2 + (length & 0x80 ? length & 0x7f : 0))
}

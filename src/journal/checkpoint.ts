import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** What a seal says: this log had so many entries, and this is the root of the RFC 6962 tree over them (base64). */
export type Checkpoint = { origin: string; entries: number; root: string }
/** A checkpoint as it was found, with who says to have signed it. */
export type SignedCheckpoint = Checkpoint & { note: string; keyName: string; keyId: string }

/** Ed25519, of the signature types of c2sp.org/signed-note. */
const ed25519 = 1
const rawKeyBytes = 32

const sha256 = (...parts: Buffer[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** The root of the Merkle tree of RFC 6962, whose leaves are told from its nodes by their first byte. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha256()
  if (leaves.length === 1) return sha256(Buffer.of(0), only)
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return sha256(Buffer.of(1), treeRoot(leaves.slice(0, left)), treeRoot(leaves.slice(left)))
}

/** Of a journal's entries: a leaf is an entry's own hash, which says everything that is in it and before it. */
export const rootOf = (hashes: readonly string[]): string =>
  treeRoot(hashes.map(hash => Buffer.from(hash, 'hex'))).toString('base64')

/** A public key as c2sp.org/signed-note writes it for verifiers: name, key id, and type and key. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const typed = Buffer.concat([
    Buffer.of(ed25519),
    Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  ])
  return `${name}+${keyId(name, typed)}+${typed.toString('base64')}`
}

const keyId = (name: string, typed: Buffer): string =>
  sha256(Buffer.from(`${name}\n`), typed)
    .toString('hex')
    .slice(0, 8)

/** What is signed of a checkpoint: three lines. */
export const checkpointText = ({ origin, entries, root }: Checkpoint): string =>
  `${origin}\n${entries}\n${root}\n`

/** A checkpoint of c2sp.org/tlog-checkpoint, signed by one key: five lines. */
export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): string {
  const text = checkpointText(checkpoint)
  const { origin } = checkpoint
  const [, id = ''] = verifierKey(origin, createPublicKey(privateKey)).split('+')
  const signature = Buffer.concat([Buffer.from(id, 'hex'), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`
}

/** All checkpoints of a text that has one after the other; undefined in the place of each that is none. */
export function checkpointsIn(text: string): (SignedCheckpoint | undefined)[] {
  const notes = text.match(/[\s\S]*?\n\n(?:— .*\n)+|[\s\S]+/g) ?? []
  return notes.map(note => {
    const found = /^(\S+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]+=*)\n\n— ([^\s+]+) ([A-Za-z0-9+/]+=*)\n$/.exec(note)
    if (found === null) return undefined
    const [, origin = '', entries, root = '', keyName = '', signature = ''] = found
    const id = Buffer.from(signature, 'base64').subarray(0, 4).toString('hex')
    return { origin, entries: Number(entries), root, note, keyName, keyId: id }
  })
}

/** Whether one of the keys, as `verifierKey` writes them, has signed the note. A key that cannot be read has signed nothing. */
export const isSignedByOne = (note: string, keys: readonly string[]): boolean =>
  keys.some(key => isSignedBy(note, key))

function isSignedBy(note: string, key: string): boolean {
  const [name = '', id = '', encoded = ''] = key.split(/\+([0-9a-f]{8})\+/)
  const typed = Buffer.from(encoded, 'base64')
  if (typed[0] !== ed25519 || typed.length !== rawKeyBytes + 1 || keyId(name, typed) !== id) return false
  const end = note.lastIndexOf('\n\n') + 1
  const text = Buffer.from(note.slice(0, end))
  const x = typed.subarray(1).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return note
    .slice(end + 1)
    .split('\n')
    .flatMap(line => (line.startsWith(`— ${name} `) ? [Buffer.from(line.split(' ')[2] ?? '', 'base64')] : []))
    .some(
      signature =>
        signature.subarray(0, 4).toString('hex') === id &&
        verify(null, text, publicKey, signature.subarray(4)),
    )
}

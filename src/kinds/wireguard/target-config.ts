import { sha256Hex } from '../../model/canonical.ts'
import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { noteOf, shownPeer } from './clients/notes.ts'
import { type Peer, parseConfig, readLine } from './config/parse.ts'
import { hasTestPeer, type TestPeer, withoutTestPeer, withTestPeer } from './config/test-peer.ts'
import type { Looked } from './config-file.ts'
import type { Gateway } from './gateways.ts'
import { publicKeyOf } from './keys.ts'

/**
 * Secrets never leave their host: a configuration is read there with every key but a peer's PublicKey replaced by
 * `(hidden-key-N)`, and written there with these words filled in again from the file that is replaced.
 */
const hiddenKey = /\(hidden-key-\d+\)/g
const hasHidden = (text: string): boolean => text.search(hiddenKey) >= 0
/** Filled in at the host with a key that `wg genkey` makes there. */
const generatedKey = '(generated-key)'
/** What is left of a key that stood in a comment, in a copy at another host. */
const removed = '(removed)'

/** True: secrets that the target already has stay as they are there, whatever the plan says. */
type Keys = { keepsKey: boolean }

/**
 * The source's configuration, as written at the target: every secret is one the plan names, or stays where it is at the
 * target. The source's test client is none of the peers; the target's stays. Throws Failure when a preshared key is unknown.
 */
export async function wantedAtTarget(
  source: Looked,
  current: Looked | undefined,
  at: Gateway,
  { keepsKey }: Keys,
  io: ReadIo,
): Promise<string> {
  const original = withoutTestPeer(source.text)
  const { spec } = at
  const preshared = new Map<string, string>()
  for (const peer of parseConfig(original).peers.filter(one => one.preshared))
    preshared.set(peer.publicKey, await presharedOf(peer, keepsKey ? current : undefined, at, io))
  const copy = copyOf(original, {
    privateKey: await privateKeyFor(current, at, keepsKey, io),
    presharedKeyOf: ({ publicKey }) => preshared.get(publicKey) ?? '',
  })
  const present =
    current && hasTestPeer(current.text) ? testPeerIn(current.text, spec.test.address) : undefined
  return present ? withTestPeer(copy, present) : copy
}

/** The target already has it: to the byte where all of it is known here, else but for the keys that never left the target. */
export const isThere = (wanted: string, current: Looked | undefined): boolean =>
  current !== undefined &&
  (hasHidden(wanted) ? wanted === current.text : sha256Hex(wanted) === current.sha256)

async function privateKeyFor(
  current: Looked | undefined,
  { spec, component }: Gateway,
  keepsKey: boolean,
  io: ReadIo,
): Promise<string> {
  const there = current && privateKeyIn(current.text)
  if (keepsKey && there !== undefined) return there
  if (spec.privateKey === undefined || spec.identity === 'new') return generatedKey
  const secret = (await io.secret(spec.privateKey)).trim()
  publicKeyOf(secret, `${component}.privateKey`)
  return secret
}

/** Where the target has it, it stays there; else the plan says where it is. */
async function presharedOf(
  peer: Peer,
  current: Looked | undefined,
  at: Gateway,
  io: ReadIo,
): Promise<string> {
  const { presharedKey } = noteOf(at.spec, peer)
  const there = current && presharedKeyIn(current.text, peer.publicKey)
  if (there !== undefined) return there
  if (presharedKey !== undefined) return (await io.secret(presharedKey)).trim()
  throw new Failure(
    { key: 'wireguard.preshared.unknown', values: { peer: shownPeer(peer), component: at.component } },
    { remedy: { key: 'wireguard.preshared.unknown.remedy', values: { client: peer.name } } },
  )
}

function testPeerIn(text: string, address: string): TestPeer | undefined {
  const before = parseConfig(withoutTestPeer(text)).peers.map(({ publicKey }) => publicKey)
  const peer = parseConfig(text).peers.find(({ publicKey }) => !before.includes(publicKey))
  return peer && { publicKey: peer.publicKey, address: peer.allowed[0] ?? address }
}

/** What stands in the copy for the secrets of the original: the secret itself, or words filled in at the host. */
type Secrets = { privateKey: string; presharedKeyOf(peer: Peer): string }

/**
 * The source's configuration, as written at the target: every line the same but for the keys, which are given anew.
 * A key in a comment is removed. Throws Failure when a key stands where none is known.
 */
export function copyOf(text: string, secrets: Secrets): string {
  const { lines, peers } = parseConfig(text)
  let section = ''
  return lines
    .map((line, at) => {
      const { heading, key } = readLine(line)
      section = heading ?? section
      const hash = line.indexOf('#')
      const said = hash < 0 ? line : line.slice(0, hash)
      const comment = hash < 0 ? '' : line.slice(hash).replace(hiddenKey, removed)
      if (!hasHidden(said)) return said + comment
      if (section === 'interface' && key === 'privatekey')
        return said.replace(hiddenKey, () => secrets.privateKey) + comment
      const peer = peers.find(({ from, to }) => from <= at && at < to)
      if (key === 'presharedkey' && peer) {
        const secret = secrets.presharedKeyOf(peer)
        return said.replace(hiddenKey, () => secret) + comment
      }
      throw new Failure({ key: 'wireguard.config.strayKey', values: { line: at + 1, word: key ?? '' } })
    })
    .join('\n')
}

/** Which words stand in a configuration for its private key; undefined when it has none. */
export const privateKeyIn = (text: string): string | undefined =>
  text
    .split('\n')
    .map(readLine)
    .find(({ key }) => key === 'privatekey')?.value

/** Which words stand for the preshared key of the peer with this public key. */
export function presharedKeyIn(text: string, publicKey: string): string | undefined {
  const { lines, peers } = parseConfig(text)
  const peer = peers.find(one => one.publicKey === publicKey)
  return lines
    .slice(peer?.from, peer?.to ?? 0)
    .map(readLine)
    .find(({ key }) => key === 'presharedkey')?.value
}

import { sha256Hex } from '../../model/canonical.ts'
import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { noteOf, shownPeer } from './clients/notes.ts'
import { copyOf, presharedKeyIn, privateKeyIn } from './config/copy.ts'
import { generatedKey, hasHidden } from './config/hidden.ts'
import { type Peer, parseConfig } from './config/parse.ts'
import { hasTestPeer, type TestPeer, withoutTestPeer, withTestPeer } from './config/test-peer.ts'
import type { Looked } from './config-file.ts'
import type { Gateway } from './gateways.ts'
import { publicKeyOf } from './keys.ts'

/** True: secrets that the target already has stay as they are there, whatever the plan says. */
type Keys = { keepsKey: boolean }

/**
 * The source's configuration as it shall stand at the target: every secret is one the plan names, or stays where it is at the
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

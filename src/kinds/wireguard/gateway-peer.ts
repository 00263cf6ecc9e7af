import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { testKeyOf } from './admission.ts'
import { shownPeer } from './clients/notes.ts'
import { addPeer, removePeer } from './commands.ts'
import { parseConfig } from './config/parse.ts'
import { withoutTestPeer, withTestPeer } from './config/test-peer.ts'
import { forgetFor, keepFor, keptFor, lookAt, lookFor, replace, restoreFor } from './config-file.ts'
import type { Gateway } from './gateways.ts'
import { liveAt } from './interface.ts'
import { named } from './running.ts'

const step = 'test-client'

/**
 * The test client is a peer of this gateway, in its file and as it runs; sessions of the others are not touched. Throws
 * Failure when another peer has its address: WireGuard would take it from that one without a word.
 */
export async function admitTestPeer(at: Gateway, io: ChangeIo): Promise<void> {
  const publicKey = await testKeyOf(at, io)
  const { address } = at.spec.test
  const live = await liveAt(at, io)
  if (live === undefined) throw new Failure({ key: 'wireguard.gateway.down', values: named(at) })
  const looked = await lookFor(at, io)
  const { peers } = parseConfig(looked.text)
  const owner = peers.find(peer => peer.publicKey !== publicKey && peer.allowed.includes(address))
  if (owner)
    throw new Failure({
      key: 'wireguard.test.addressTaken',
      values: { ...named(at), address, peer: shownPeer(owner) },
    })
  if (!peers.some(peer => peer.publicKey === publicKey)) {
    await keepFor(step, at, io)
    await replace(step, at, looked, withTestPeer(looked.text, { publicKey, address }), io)
  }
  if (!live.peers.some(peer => peer.publicKey === publicKey))
    await io.change(at.host.ssh, addPeer(at.spec.interface, publicKey, address))
}

/** The inverse: the file is what it was, to the byte; where others wrote in it since, our lines alone are taken out. */
export async function dismissTestPeer(at: Gateway, io: ChangeIo): Promise<void> {
  if ((await keptFor(step, at, io)) === undefined) return
  const publicKey = await testKeyOf(at, io)
  if ((await restoreFor(step, at, io)) === 'changed') {
    const looked = await lookAt(at, io)
    const without = looked && withoutTestPeer(looked.text)
    if (looked && without !== undefined && without !== looked.text)
      await replace(step, at, looked, without, io)
  }
  const left = parseConfig((await lookAt(at, io))?.text ?? '').peers
  if (!left.some(peer => peer.publicKey === publicKey) && (await runsWith(at, publicKey, io)))
    await io.change(at.host.ssh, removePeer(at.spec.interface, publicKey))
  await forgetFor(step, at, io)
}

export async function isAdmitted(at: Gateway, io: ReadIo): Promise<boolean> {
  const publicKey = await testKeyOf(at, io)
  const { peers } = parseConfig((await lookAt(at, io))?.text ?? '')
  return peers.some(peer => peer.publicKey === publicKey) && (await runsWith(at, publicKey, io))
}

const runsWith = async (at: Gateway, publicKey: string, io: ReadIo): Promise<boolean> =>
  (await liveAt(at, io))?.peers.some(peer => peer.publicKey === publicKey) ?? false

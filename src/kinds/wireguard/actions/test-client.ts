import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { typed } from '../../kit/by-hand.ts'
import { testKeyOf } from '../admission.ts'
import { endpointOf, shownPeer } from '../clients/notes.ts'
import { addPeer, removePeer } from '../commands.ts'
import { parseConfig } from '../config/parse.ts'
import { withoutTestPeer, withTestPeer } from '../config/test-peer.ts'
import { forgetFor, keepFor, keptFor, lookAt, lookFor, replace, restoreFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { type Gateway, gatewayAt, gatewaysOf, testerOf, type Vpn } from '../gateways.ts'
import { identityOf, liveAt } from '../interface.ts'
import { named } from '../running.ts'
import { shown, timings, undoBy } from '../step.ts'
import { tunnelLeadsTo } from '../tester/ask.ts'
import { lowerTunnel, raiseTunnel, tunnels } from '../tester/commands.ts'
import { prepareTarget } from './prepare-target.ts'

const step = 'test-client'
const sides: readonly SiteSide[] = ['source', 'target']

/** A client of ours at the host outside, let in at both gateways: a namespace for each site, with a tunnel to it alone. */
export const testClient = wireguard.action({
  name: step,
  touches: ['source', 'target', 'outside'],
  result: z.object({ implementation: z.record(z.string(), z.string()), address: z.string() }).optional(),
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.test-client.title', values: shown(about) },
    stage: 'provision',
    after: [prepareTarget],
    undo: undoBy(about, 5, {
      key: 'wireguard.test-client.byHand',
      values: {
        ...shown(about),
        remove: typed(...sides.map(side => ['ip', 'netns', 'delete', tunnels[side].namespace])),
        restore: typed([
          ...['cp', '-p', '--', `${gatewayAt(about, 'target').keptBy(step)}/before`, about.spec.configFile],
        ]),
      },
    }),
  }),
  async isDone(acting, io) {
    for (const side of sides) {
      const at = gatewayAt(acting, side)
      const leadsTo = await tunnelLeadsTo(acting, side, io)
      if (leadsTo !== endpointOf(at.endpoint, at.spec.port) || !(await isAdmitted(at, io))) return false
    }
    return true
  },
  async apply(acting, io) {
    const implementation: Record<string, string> = {}
    for (const side of sides) {
      const at = gatewayAt(acting, side)
      await admitTestPeer(at, io.at('source', 'target'))
      implementation[side] = await raiseTestTunnel(acting, side, at.endpoint, io.at('outside'))
    }
    return { implementation, address: acting.spec.test.address }
  },
  undo: (acting, io) => dismissTestClient(acting, io.at('source', 'target', 'outside')),
  undoWithout: {
    target: (acting, io) => dismissTestClient(acting, io.at('source', 'outside'), ['source']),
  },
})

/** A fresh tunnel to this site, at an address or a name; its private key goes by standard input. Gives what carries it. */
export async function raiseTestTunnel(
  vpn: Vpn,
  side: SiteSide,
  endpoint: string,
  io: ChangeIo,
): Promise<string> {
  const at = gatewayAt(vpn, side)
  const { test, within, port } = vpn.spec
  const { publicKey } = await identityOf(at, io)
  const argv = raiseTunnel(side, {
    address: test.address,
    publicKey,
    endpoint: endpointOf(endpoint, port),
    within,
  })
  const input = `${(await io.secret(test.privateKey)).trim()}\n`
  const { stdout } = await io.change(testerOf(vpn).ssh, argv, { input, timeoutSeconds: 60 })
  return stdout.trim()
}

/** Its tunnels go, and it is no peer any more of the gateways of these sites. */
export async function dismissTestClient(
  vpn: Vpn,
  io: ChangeIo,
  at: readonly SiteSide[] = sides,
): Promise<void> {
  const gateways = gatewaysOf(vpn)
  for (const side of sides) await io.change(testerOf(vpn).ssh, lowerTunnel(side))
  for (const side of at) await dismissTestPeer(gateways[side], io)
}

/**
 * The test client is a peer of this gateway, in its file and as it runs; sessions of the others are not touched. Throws
 * Failure when another peer has its address: WireGuard would take it from that one without a word.
 */
async function admitTestPeer(at: Gateway, io: ChangeIo): Promise<void> {
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

async function isAdmitted(at: Gateway, io: ReadIo): Promise<boolean> {
  const publicKey = await testKeyOf(at, io)
  const { peers } = parseConfig((await lookAt(at, io))?.text ?? '')
  return peers.some(peer => peer.publicKey === publicKey) && (await runsWith(at, publicKey, io))
}

const runsWith = async (at: Gateway, publicKey: string, io: ReadIo): Promise<boolean> =>
  (await liveAt(at, io))?.peers.some(peer => peer.publicKey === publicKey) ?? false

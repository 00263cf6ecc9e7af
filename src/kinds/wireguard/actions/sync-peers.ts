import { z } from 'zod'
import { typed } from '../../kit/by-hand.ts'
import { shownPeer } from '../clients/notes.ts'
import { type Peer, parseConfig } from '../config/parse.ts'
import { forgetFor, keepFor, lookAt, lookFor, replace, restoreFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { gatewayAt, gatewaysOf } from '../gateways.ts'
import { shown, timings, undoBy } from '../step.ts'
import { isThere, wantedAtTarget } from '../target-config.ts'

const step = 'sync-peers'

/** The target's file has the peers that the source has tonight: those added since the preparation, and not those removed. */
export const syncPeers = wireguard.action({
  name: step,
  touches: ['target'],
  result: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }).optional(),
  plan: about => ({
    ...timings(about, 2),
    title: { key: 'wireguard.sync-peers.title', values: shown(about) },
    stage: 'drain',
    undo: undoBy(about, 2, {
      key: 'wireguard.sync-peers.byHand',
      values: {
        ...shown(about),
        restore: typed([
          ...['cp', '-p', '--', `${gatewayAt(about, 'target').keptBy(step)}/before`, about.spec.configFile],
        ]),
      },
    }),
  }),
  async isDone(acting, io) {
    const { source, target } = gatewaysOf(acting)
    const current = await lookAt(target, io)
    if (current === undefined) return false
    const original = await lookFor(source, io)
    return isThere(await wantedAtTarget(original, current, target, { keepsKey: true }, io), current)
  },
  async apply(acting, io) {
    const { source, target } = gatewaysOf(acting)
    const current = await lookFor(target, io)
    const wanted = await wantedAtTarget(await lookFor(source, io), current, target, { keepsKey: true }, io)
    if (isThere(wanted, current)) return { added: [], removed: [] }
    await keepFor(step, target, io.at('target'))
    await replace(step, target, current, wanted, io.at('target'))
    const [before, after] = [parseConfig(current.text).peers, parseConfig(wanted).peers]
    return { added: missingIn(before, after), removed: missingIn(after, before) }
  },
  async undo(acting, io) {
    const target = gatewayAt(acting, 'target')
    await restoreFor(step, target, io.at('target'))
    await forgetFor(step, target, io.at('target'))
  },
})

const missingIn = (these: Peer[], those: Peer[]): string[] =>
  those.filter(one => !these.some(({ publicKey }) => publicKey === one.publicKey)).map(shownPeer)

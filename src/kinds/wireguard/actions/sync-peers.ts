import type { Action, StepContext } from '../../../model/kind.ts'
import { shownPeer } from '../clients/notes.ts'
import { type Peer, parseConfig } from '../config/parse.ts'
import { forgetFor, keepFor, lookAt, lookFor, replace, restoreFor } from '../config-file.ts'
import { gatewayAt } from '../gateways.ts'
import { isThere, wantedAtTarget } from '../target-config.ts'

const step = 'sync-peers'

/** The target's file has the peers that the source has tonight: who came since the preparation, and not who was let go. */
export const syncPeers: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    const current = await lookAt(target, io)
    if (current === undefined) return false
    const original = await lookFor(source, io)
    return isThere(await wantedAtTarget(original, current, target, { keepsKey: true }, io), current)
  },
  async apply(context, io) {
    const { source, target } = sidesOf(context)
    const current = await lookFor(target, io)
    const wanted = await wantedAtTarget(await lookFor(source, io), current, target, { keepsKey: true }, io)
    if (isThere(wanted, current)) return { added: [], removed: [] }
    await keepFor(step, target, io)
    await replace(step, target, current, wanted, io)
    const [before, after] = [parseConfig(current.text).peers, parseConfig(wanted).peers]
    return { added: missingIn(before, after), removed: missingIn(after, before) }
  },
  async undo(context, io) {
    const { target } = sidesOf(context)
    await restoreFor(step, target, io)
    await forgetFor(step, target, io)
  },
}

const sidesOf = ({ component, plan }: StepContext) => ({
  source: gatewayAt(component, plan, 'source'),
  target: gatewayAt(component, plan, 'target'),
})

const missingIn = (these: Peer[], those: Peer[]): string[] =>
  those.filter(one => !these.some(({ publicKey }) => publicKey === one.publicKey)).map(shownPeer)

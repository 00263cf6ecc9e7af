import { z } from 'zod'
import { typed } from '../../kit/by-hand.ts'
import { admitsTestClientOnly, admitTestClientOnly } from '../admission.ts'
import { parseConfig } from '../config/parse.ts'
import {
  forgetFor,
  type Kept,
  keepFor,
  keptFor,
  type Looked,
  lookAt,
  lookFor,
  replace,
  restoreFor,
} from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { type Gateway, gatewayAt, gatewaysOf } from '../gateways.ts'
import { bringUp, isUp, stateOf, takeDown, takeDownByHand } from '../running.ts'
import { shown, timings, undoBy } from '../step.ts'
import { isThere, wantedAtTarget } from '../target-config.ts'

const step = 'prepare-target'

/**
 * The target's gateway with the source's peers, up. Until the switch its running interface lets in the test client alone: a
 * client that came too early would be left there by a rollback.
 */
export const prepareTarget = wireguard.action({
  name: step,
  touches: ['target'],
  result: z.object({
    peers: z.number(),
    configSha256: z.string(),
    beforeSha256: z.string(),
    identity: z.enum(['same', 'new']),
  }),
  plan(about) {
    const target = gatewayAt(about, 'target')
    const kept = target.keptBy(step)
    return {
      ...timings(about, about.spec.startSeconds),
      title: { key: 'wireguard.prepare-target.title', values: shown(about) },
      stage: 'provision',
      params: { identity: about.spec.identity },
      undo: undoBy(about, 5, {
        key: 'wireguard.prepare-target.byHand',
        values: {
          ...shown(about),
          kept: `${kept}/kept`,
          stop: takeDownByHand(target),
          restore: typed(['cp', '-p', '--', `${kept}/before`, about.spec.configFile]),
          remove: typed(['rm', '-f', '--', about.spec.configFile]),
        },
      }),
    }
  },
  async isDone(acting, io) {
    const { source, target } = gatewaysOf(acting)
    const kept = await keptFor(step, target, io)
    if (kept === undefined || !(await isUp(target, io))) return false
    if (!(await admitsTestClientOnly(target, io))) return false
    const current = await lookAt(target, io)
    const wanted = await wantedAtTarget(
      await lookFor(source, io),
      current,
      target,
      keys(target, current, kept),
      io,
    )
    return isThere(wanted, current) && current !== undefined && resultOf(target, current, kept)
  },
  async apply(acting, io) {
    const { source, target } = gatewaysOf(acting)
    const atTarget = io.at('target')
    const original = await lookFor(source, io)
    const { running, enabled } = await stateOf(target, io)
    const words = `${running ? 'running' : 'stopped'} ${enabled ? 'enabled' : 'disabled'}`
    const kept = await keepFor(step, target, atTarget, words)
    const before = await lookAt(target, io)
    const wanted = await wantedAtTarget(original, before, target, keys(target, before, kept), io)
    if (!isThere(wanted, before)) {
      await replace(step, target, before, wanted, atTarget)
      // Address and hooks are read at a start alone; nobody uses this gateway yet.
      if (running) await takeDown(target, atTarget)
    }
    await bringUp(target, atTarget)
    await admitTestClientOnly(target, atTarget)
    return resultOf(target, await lookFor(target, io), kept)
  },
  async undo(acting, io) {
    const target = gatewayAt(acting, 'target')
    const atTarget = io.at('target')
    const kept = await keptFor(step, target, io)
    if (kept === undefined) return
    const [running, enabled] = kept.words
    await takeDown(target, atTarget)
    await restoreFor(step, target, atTarget, true)
    if (running === 'running') await bringUp(target, atTarget)
    if (running === 'running' && enabled !== 'enabled')
      await atTarget.change(target.host.ssh, target.manager.disable(target.unit))
    if (running !== 'running' && enabled === 'enabled')
      await atTarget.change(target.host.ssh, target.manager.enable(target.unit))
    await forgetFor(step, target, atTarget)
  },
})

/** A new key is made once: what stands there and is not what was there before is ours. */
const keys = ({ spec }: Gateway, current: Looked | undefined, kept: Kept) => ({
  keepsKey: spec.identity === 'new' && current !== undefined && current.sha256 !== kept.sha256,
})

const resultOf = (target: Gateway, looked: Looked, kept: Kept) => ({
  peers: parseConfig(looked.text).peers.length,
  configSha256: looked.sha256,
  beforeSha256: kept.sha256,
  identity: target.spec.identity,
})

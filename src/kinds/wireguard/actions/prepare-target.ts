import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { admitTestClientOnly } from '../admission.ts'
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
import { type Gateway, gatewayAt } from '../gateways.ts'
import { bringUp, isUp, stateOf, takeDown } from '../running.ts'
import { isThere, wantedAtTarget } from '../target-config.ts'

const step = 'prepare-target'

/**
 * The target's gateway with the source's peers, up. Until the switch its running interface lets in the test client alone: a
 * client that came too early would be left there when the night is undone.
 */
export const prepareTarget: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    const kept = await keptFor(step, target, io)
    if (kept === undefined || !(await isUp(target, io))) return false
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
  async apply(context, io) {
    const { source, target } = sidesOf(context)
    const original = await lookFor(source, io)
    const { running, enabled } = await stateOf(target, io)
    const words = `${running ? 'running' : 'stopped'} ${enabled ? 'enabled' : 'disabled'}`
    const kept = await keepFor(step, target, io, words)
    const before = await lookAt(target, io)
    const wanted = await wantedAtTarget(original, before, target, keys(target, before, kept), io)
    if (!isThere(wanted, before)) {
      await replace(step, target, before, wanted, io)
      // Address and hooks are read at a start alone; nobody uses this gateway yet.
      if (running) await takeDown(target, io)
    }
    await bringUp(target, io)
    await admitTestClientOnly(target, io)
    return resultOf(target, await lookFor(target, io), kept)
  },
  async undo(context, io) {
    const { target } = sidesOf(context)
    const kept = await keptFor(step, target, io)
    if (kept === undefined) return
    const [running, enabled] = kept.words
    await takeDown(target, io)
    await restoreFor(step, target, io, true)
    if (running === 'running') await bringUp(target, io)
    if (running === 'running' && enabled !== 'enabled')
      await io.change(target.host.ssh, target.manager.disable(target.unit))
    if (running !== 'running' && enabled === 'enabled')
      await io.change(target.host.ssh, target.manager.enable(target.unit))
    await forgetFor(step, target, io)
  },
}

const sidesOf = ({ component, plan }: StepContext) => ({
  source: gatewayAt(component, plan, 'source'),
  target: gatewayAt(component, plan, 'target'),
})

/** A new key is made once: what stands there and is not what was there before is ours. */
const keys = ({ spec }: Gateway, current: Looked | undefined, kept: Kept) => ({
  keepsKey: spec.identity === 'new' && current !== undefined && current.sha256 !== kept.sha256,
})

const resultOf = (target: Gateway, looked: Looked, kept: Kept): JsonObject => ({
  peers: parseConfig(looked.text).peers.length,
  configSha256: looked.sha256,
  beforeSha256: kept.sha256,
  identity: target.spec.identity,
})

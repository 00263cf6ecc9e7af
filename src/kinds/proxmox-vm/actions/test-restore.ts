import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { changePve } from '../client/change.ts'
import { guestReady } from '../machine/await-guest-ready.ts'
import { endsOf } from '../machine/ends.ts'
import { failed, type ProbeResult } from '../probes/run.ts'
import type { MachineSide } from '../sides.ts'
import { destroyCopy, makeCopy } from '../temporary-copy/copies.ts'
import { writeRestored } from '../temporary-copy/record.ts'
import type { MethodNamed } from '../transfer-method.ts'

/**
 * T5: what the target holds is started under another number, on a bridge that leads nowhere, while the original serves. Its
 * probes are run in it, then it is destroyed. What was found is written down; whether it is enough is for the check to say.
 */
export const testRestore = (methodNamed: MethodNamed): Action => ({
  /** Done again whenever it is asked for: an old test says nothing of what came since. */
  isDone: async () => false,

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const { target, spec } = endsOf(context)
    const method = methodNamed(context.step.params.way)
    const held = await method.storedCopy(context, io)
    if (held === undefined) throw nothingHeld(target)
    const from = io.now()
    let probes: ProbeResult[] = []
    try {
      const copy = await makeCopy(context, io, method, 'test', { bridge: spec.target.testBridge })
      await changePve(copy, io).start()
      probes = await booted(io, copy)
    } finally {
      if (!io.signal.aborted) await destroyCopy(io, target, 'test')
    }
    const record = {
      held: held.id,
      at: io.now(),
      imageBytes: held.imageBytes,
      seconds: secondsBetween(from, io.now()),
      probes,
      failed: failed(probes).length,
    }
    await writeRestored(io, target, record)
    return record
  },
})

/** That it boots at all is the first probe. */
async function booted(io: ChangeIo, copy: MachineSide): Promise<ProbeResult[]> {
  try {
    return [{ name: 'boot', passed: true, why: '' }, ...(await guestReady(io, copy))]
  } catch (error) {
    io.signal.throwIfAborted()
    if (!(error instanceof Failure)) throw error
    return [{ name: 'boot', passed: false, why: error.message }]
  }
}

const nothingHeld = (target: MachineSide): Failure =>
  new Failure(
    {
      key: 'proxmox-vm.test-restore.nothing',
      values: { component: target.component, host: target.host.ssh },
    },
    { remedy: { key: 'proxmox-vm.delta.broken.remedy' } },
  )

import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import { isApiLost, seenByRoot, turnOffByRoot } from '../machine/as-root.ts'
import { answersInTime, awaitGuestReady, isGuestReady } from '../machine/await-guest-ready.ts'
import { setByCloudInit } from '../machine/cloud-init.ts'
import { endsOf } from '../machine/ends.ts'
import { requireOff, statusAt } from '../machine/existing.ts'
import { writeAddresses } from '../machine/set-guest-address.ts'
import { turnOff } from '../machine/turn-off.ts'
import type { MachineSide } from '../sides.ts'
import type { MethodNamed } from '../transfer-method.ts'

/** The machine at the target, up, with its new address and its probes passed. One call is one attempt (R2). */
export const start = (methodNamed: MethodNamed): Action => ({
  async isDone(context, io) {
    const { target } = endsOf(context)
    const status = await statusAt(io, target)
    if (status?.status !== 'running' || !(await isGuestReady(io, target, 'target'))) return false
    return (await readPve(target, io).config()).onboot === (onbootOf(context) ?? '0')
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const { source, target } = endsOf(context)
    const from = io.now()
    // Two machines with one identity must never run at the same time.
    if (!methodNamed(context.step.params.way).keepsRunning) await requireOff(io, source)
    if ((await readPve(target, io).status()).status === 'stopped') {
      await setByCloudInit(io, target, 'target')
      await changePve(target, io).start()
    }
    try {
      await awaitGuestReady(io, target, 'target')
    } catch (error) {
      // The next attempt is a fresh one. A machine that will not go down is left as it is: its record must stay whole.
      if (!io.signal.aborted) await turnOff(io, target).catch(() => undefined)
      throw error
    }
    await changePve(target, io).configure({ onboot: Number(onbootOf(context) ?? 0) })
    return { seconds: secondsBetween(from, io.now()) }
  },

  /** Off, cleanly, and kept. Its files name the source's addresses again before it goes, because they travel home. */
  async undo(context: StepContext, io: ChangeIo): Promise<void> {
    const { target } = endsOf(context)
    try {
      await takeDown(io, target)
    } catch (error) {
      if (!isApiLost(error)) throw error
      const seen = await seenByRoot(io, target, error)
      if (seen !== undefined) await turnOffByRoot(io, target, seen)
    }
  },
})

async function takeDown(io: ChangeIo, target: MachineSide): Promise<void> {
  const status = await statusAt(io, target)
  if (status === undefined) return
  if (status.status === 'running') {
    await addressesOfSource(io, target)
    await turnOff(io, target)
  }
  await changePve(target, io).configure({ onboot: 0 })
}

const onbootOf = ({ results, component }: StepContext): string | undefined => {
  const onboot = results[`${component.id}.shutdown`]?.onboot
  return typeof onboot === 'string' ? onboot : undefined
}

/** Best effort: the source writes them itself when it is back, which takes its users a little longer. */
async function addressesOfSource(io: ChangeIo, target: MachineSide): Promise<void> {
  try {
    if (await answersInTime(io, target)) await writeAddresses(io, target, 'source')
  } catch (error) {
    if (io.signal.aborted || !(error instanceof Failure)) throw error
    io.report({ note: error.message })
  }
}

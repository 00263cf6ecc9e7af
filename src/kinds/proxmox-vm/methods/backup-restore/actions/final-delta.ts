import { secondsBetween } from '../../../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../../../model/io.ts'
import type { JsonObject } from '../../../../../model/json.ts'
import type { Action, StepContext } from '../../../../../model/kind.ts'
import { type Ends, endsOf } from '../../../machine/ends.ts'
import { freeNumber, requireOff, statusAt } from '../../../machine/existing.ts'
import { realWiring } from '../../../machine/target-config.ts'
import { readTargetVmRecord, type Transfer, writeTargetVmRecord } from '../../../machine/target-vm-record.ts'
import { stampAt } from '../../../whole-disk/stamp.ts'
import { restore } from '../restore.ts'
import { bringArchive, removeAtTarget } from '../send.ts'
import { seed } from './seed.ts'

const way = 'backup-restore'

/**
 * The machine as its shutdown left it, dumped, sent and restored: this way knows no difference, so all of it travels.
 * A rehearsal leaves the source running and only brings a fresh archive, from which its copy is made.
 */
export const finalDelta: Action = {
  async isDone(context: StepContext, io: ReadIo): Promise<boolean | JsonObject> {
    if (context.mode !== 'live') return false
    const { source, target } = endsOf(context)
    const note = await readTargetVmRecord(io, target)
    if (note?.state !== 'made' || note.way !== way || note.stamp === undefined) return false
    const [here, there] = await Promise.all([statusAt(io, source), statusAt(io, target)])
    if (here?.status !== 'stopped' || there?.status !== 'stopped' || there.lock !== undefined) return false
    return note.stamp === (await stampAt(io, source)) ? { transfer: note.transfer ?? null } : false
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    if (context.mode !== 'live') return (await seed.apply(context, io)) ?? {}
    const ends = endsOf(context)
    await requireOff(io, ends.source)
    // Asked before anything is dumped: a number that somebody has taken meanwhile costs no time of the window.
    await freeNumber(io, ends.target)
    return { transfer: await move(io, ends) }
  },
}

async function move(io: ChangeIo, ends: Ends): Promise<Transfer> {
  const began = io.now()
  const { archive, transfer } = await bringArchive(io, ends, { off: true })
  await writeTargetVmRecord(io, ends.target, { way, state: 'making' })
  await restore(io, ends.target, archive, realWiring(ends.spec))
  const whole: Transfer = { ...transfer, seconds: secondsBetween(began, io.now()) }
  const stamp = archive.stamp === undefined ? {} : { stamp: archive.stamp }
  await removeAtTarget(io, ends.target)
  await writeTargetVmRecord(io, ends.target, { way, state: 'made', transfer: whole, ...stamp })
  return whole
}

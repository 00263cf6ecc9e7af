import type { ChangeIo, ReadIo } from '../../../../../model/io.ts'
import type { JsonObject } from '../../../../../model/json.ts'
import type { Action, StepContext } from '../../../../../model/kind.ts'
import { endsOf } from '../../../machine/ends.ts'
import { requireOff } from '../../../machine/existing.ts'
import { readTargetVmRecord } from '../../../machine/target-vm-record.ts'
import { finalDelta as freshArchive } from '../../backup-restore/actions/final-delta.ts'
import { giveBack, hasMoved, migrate } from '../migrate.ts'

/** The machine, off, moved whole by PVE. A rehearsal brings an archive instead: PVE cannot migrate a copy and keep the original. */
export const finalDelta: Action = {
  async isDone(context: StepContext, io: ReadIo): Promise<boolean | JsonObject> {
    if (context.mode !== 'live') return false
    const ends = endsOf(context)
    const note = await readTargetVmRecord(io, ends.target)
    if (note?.state !== 'made' || note.way !== 'remote-migrate') return false
    return (await hasMoved(io, ends)) && { transfer: note.transfer ?? null }
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    if (context.mode !== 'live') return (await freshArchive.apply(context, io)) ?? {}
    const ends = endsOf(context)
    await requireOff(io, ends.source)
    return { transfer: await migrate(io, ends, { way: 'remote-migrate', online: false }) }
  },

  async undo(context: StepContext, io: ChangeIo): Promise<void> {
    if (context.mode === 'live') await giveBack(io, endsOf(context))
  },
}

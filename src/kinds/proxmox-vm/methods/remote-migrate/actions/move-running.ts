import type { ChangeIo, ReadIo } from '../../../../../model/io.ts'
import type { JsonObject } from '../../../../../model/json.ts'
import type { Action, StepContext } from '../../../../../model/kind.ts'
import { changePve } from '../../../client/change.ts'
import { copyWritesBack, returnPath } from '../../../failback/way-back.ts'
import { awaitGuestReady, isGuestReady } from '../../../machine/await-guest-ready.ts'
import { type Ends, endsOf } from '../../../machine/ends.ts'
import { statusAt } from '../../../machine/existing.ts'
import { readTargetVmRecord } from '../../../machine/target-vm-record.ts'
import { turnOff } from '../../../machine/turn-off.ts'
import { finalDelta as freshArchive } from '../../backup-restore/actions/final-delta.ts'
import { endMigration, giveBack, hasMoved, migrate } from '../migrate.ts'

const way = 'remote-migrate-online'

/**
 * The guest goes to the target while it runs, disk and memory. From then on it writes there, with the source's address until the
 * start step has changed it. Undoing starts the machine at the source again, once its disks are home.
 */
export const moveRunning: Action = {
  async isDone(context: StepContext, io: ReadIo): Promise<boolean | JsonObject> {
    if (context.mode !== 'live') return false
    const ends = endsOf(context)
    const note = await readTargetVmRecord(io, ends.target)
    if (note === undefined || note.state === 'making' || note.way !== way) return false
    return (await hasMoved(io, ends)) && { transfer: note.transfer ?? null }
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    if (context.mode !== 'live') return (await freshArchive.apply(context, io)) ?? {}
    return { transfer: await migrate(io, endsOf(context), { way, online: true }) }
  },

  async undo(context: StepContext, io: ChangeIo): Promise<void> {
    if (context.mode !== 'live') return
    const ends = endsOf(context)
    await endMigration(io, ends)
    // A migration that was ended on its way has left the guest running at the source, untouched.
    if (await hasMoved(io, ends)) await homeFromRunning(io, ends)
    await giveBack(io, ends)
    const status = await statusAt(io, ends.source)
    if (status?.status === 'stopped') await changePve(ends.source, io).start()
    if (!(await isGuestReady(io, ends.source, 'source'))) await awaitGuestReady(io, ends.source, 'source')
  },
}

/** The guest has been writing at the target since it moved, long before it was given the target's address. */
export const wayBackRunning: Action = {
  ...returnPath,
  undo: (context: StepContext, io: ChangeIo) => homeFromRunning(io, endsOf(context)),
}

async function homeFromRunning(io: ChangeIo, ends: Ends): Promise<void> {
  const status = await statusAt(io, ends.target)
  if (status?.status === 'running') await turnOff(io, ends.target)
  await copyWritesBack(io, ends)
}

import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import type { Action } from '../../../model/kind.ts'
import { claim } from '../claim.ts'
import { controlOf, dataDirectoryOf, pathExists, replayedPosition, start, stateOf, stop } from '../cluster.ts'
import { removeFile } from '../commands.ts'
import { sharedSettings } from '../copy.ts'
import { isPast, type Lsn } from '../lsn.ts'
import { type Side, settingsPath, sidesOf, standbySignal } from '../sides.ts'
import {
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  waitForEquality,
  waitForStreaming,
  writeStandbySettings,
} from '../standby.ts'
import { until } from '../wait.ts'

/**
 * The source is stopped cleanly, and its very last record is at the target. What makes it a standby is written before it
 * stops: whoever starts it again, it cannot come up as a second primary.
 */
export const stopSource: Action = {
  async isDone(context, io) {
    const { source, target } = sidesOf(context)
    const { state, checkpoint } = await controlOf(source, io)
    if (state !== 'shut down') return false
    if (!(await pathExists(source, standbySignal(await dataDirectoryOf(source, io)), io))) return false
    const position = await replayedPosition(target, io)
    return isPast(position, checkpoint) ? { checkpoint, position } : false
  },

  async apply(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    if ((await stateOf(target, io)) !== 'standby') {
      throw new Failure({ key: 'postgres.stopSource.targetNotStandby', values: { host: target.host } })
    }
    // A standby that is not connected would miss the last record, and nobody could send it any more.
    if ((await stateOf(source, io)) === 'primary') {
      await waitForStreaming(target, source, io, 20)
      await waitForEquality(source, target, io, 20)
    }
    await writeStandbySettings(source, target, await sharedSettings(target, io), io)
    await signalStandby(source, io)
    await stop(source, io)
    const { state, checkpoint } = await controlOf(source, io)
    if (state !== 'shut down') {
      throw new Failure({ key: 'postgres.stopSource.unclean', values: { host: source.host, state } })
    }
    return { checkpoint, position: await provenReceived(target, checkpoint, io) }
  },

  async undo(context, io) {
    const { source, target } = sidesOf(context)
    await claim(context.fencingNumber, io, source, target)
    const state = await stateOf(source, io)
    // Asked first: a target that accepts writes has the authority, and it must be handed back before.
    if (state !== 'primary' && (await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    if (state === 'standby' || state === 'starting') await becomePrimary(source, io)
    await io.change(source.host, removeFile(standbySignal(await dataDirectoryOf(source, io))))
    await io.change(source.host, removeFile(settingsPath(source)))
    if ((await start(source, io)) !== 'primary') refuseStandby(source)
  },
}

/** The shutdown checkpoint is the last record: replayed past its beginning means replayed to the end. */
async function provenReceived(target: Side, checkpoint: Lsn, io: ChangeIo): Promise<Lsn> {
  return await until(
    io,
    async () => {
      const position = await replayedPosition(target, io)
      return isPast(position, checkpoint) ? position : undefined
    },
    {
      seconds: 20,
      otherwise: () => ({
        key: 'postgres.stopSource.notReceived',
        values: { host: target.host, checkpoint },
      }),
      remedy: { key: 'postgres.stopSource.notReceived.remedy' },
    },
  )
}

/** Somebody started it as the standby it was marked to be: only a promotion leads out of that with a history of its own. */
async function becomePrimary(source: Side, io: ChangeIo): Promise<void> {
  if ((await start(source, io)) === 'primary') return
  await promoteStandby(source, io, 60)
}

function refuseStandby(source: Side): never {
  throw new Failure({ key: 'postgres.stopSource.stillStandby', values: { host: source.host } })
}

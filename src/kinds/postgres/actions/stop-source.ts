import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { byHandAt, dataDirectoryByHand, psql } from '../by-hand.ts'
import { controlOf, dataDirectoryOf, pathExists, replayedPosition, start, stateOf, stop } from '../cluster.ts'
import { removeFile, startCluster } from '../commands.ts'
import { sharedSettings } from '../copy.ts'
import { postgres } from '../define.ts'
import { isPast, type Lsn } from '../lsn.ts'
import { higherOfBoth } from '../settings.ts'
import { type Side, type Sides, settingsPath, sidesOf, standbySignal } from '../sides.ts'
import {
  promoteStandby,
  refuseSecondPrimary,
  signalStandby,
  waitForEquality,
  waitForStreaming,
  writeStandbySettings,
} from '../standby.ts'
import { waitUntil } from '../wait-until.ts'
import { drain } from './drain.ts'

/**
 * The source is stopped cleanly, and its very last record is at the target. What makes it a standby is written before it
 * stops: started by hand, it cannot become a second primary.
 */
export const stopSource = postgres.action({
  name: 'stop-source',
  stopsSource: true,
  touches: ['source', 'target'],
  result: z.object({ checkpoint: z.string(), position: z.string() }),
  plan: about => ({
    title: { key: 'postgres.stop-source.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [drain],
    expectedSeconds: 2,
    deadlineSeconds: 120,
    attempts: 1,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 4,
      deadlineSeconds: 180,
      byHand: { key: 'postgres.stop-source.byHand', values: serveByHand(sidesOf(about)) },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    const { state, checkpoint } = await controlOf(source, io)
    if (state !== 'shut down') return false
    if (!(await pathExists(source, standbySignal(await dataDirectoryOf(source, io)), io))) return false
    const position = await replayedPosition(target, io)
    return isPast(position, checkpoint) ? { checkpoint, position } : false
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    const at = io.at('source')
    if ((await stateOf(target, io)) !== 'standby') {
      throw new Failure({ key: 'postgres.stop-source.targetNotStandby', values: { host: target.host } })
    }
    // A standby that is not connected would miss the last record, and nobody could send it any more.
    if ((await stateOf(source, io)) === 'primary') {
      await waitForStreaming(target, source, io, 20)
      await waitForEquality(source, target, io, 20)
    }
    const theirs = await sharedSettings(target, io)
    // Stopped already, by an earlier attempt or by hand, it cannot be asked: then its audit says what its slots need.
    const own = { wal_level: about.facts.walLevel ?? '', ...(await sharedSettings(source, io)) }
    const { wal_level = '' } = higherOfBoth(own, theirs)
    await writeStandbySettings(source, target, { ...theirs, wal_level }, at)
    await signalStandby(source, at)
    await stop(source, at)
    const { state, checkpoint } = await controlOf(source, io)
    if (state !== 'shut down') {
      throw new Failure({ key: 'postgres.stop-source.unclean', values: { host: source.host, state } })
    }
    return { checkpoint, position: await provenReceived(target, checkpoint, io) }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    // Asked first: a target that accepts writes has the authority, and it must be handed back before. One that was never promoted
    // has none.
    const mayServe = about.handedOver && (await stateOf(source, io)) !== 'primary'
    if (mayServe && (await stateOf(target, io)) === 'primary') refuseSecondPrimary(target)
    await serveAgain(source, io.at('source'))
  },

  undoWithout: {
    target: (about, io) => serveAgain(sidesOf(about).source, io.at('source')),
  },
})

async function serveAgain(source: Side, io: ChangeIo): Promise<void> {
  const state = await stateOf(source, io)
  if (state === 'standby' || state === 'starting') await becomePrimary(source, io)
  await io.change(source.host, removeFile(standbySignal(await dataDirectoryOf(source, io))))
  await io.change(source.host, removeFile(settingsPath(source)))
  if ((await start(source, io)) !== 'primary') refuseStandby(source)
}

function serveByHand({ source, target }: Sides) {
  const mark = standbySignal(dataDirectoryByHand(source))
  return {
    target: target.host,
    check: typed(psql(target, 'select pg_is_in_recovery()')),
    ...byHandAt(source, removeFile(mark), removeFile(settingsPath(source)), startCluster(source)),
  }
}

/** The shutdown checkpoint is the last record: replayed past its beginning means replayed to the end. */
async function provenReceived(target: Side, checkpoint: Lsn, io: ReadIo): Promise<Lsn> {
  return await waitUntil(
    io,
    async () => {
      const position = await replayedPosition(target, io)
      return isPast(position, checkpoint) ? position : undefined
    },
    {
      seconds: 20,
      otherwise: () => ({
        key: 'postgres.stop-source.notReceived',
        values: { host: target.host, checkpoint },
      }),
      remedy: { key: 'postgres.stop-source.notReceived.remedy' },
    },
  )
}

/** Somebody started it as the standby it was marked to be: only a promotion leads out of that with a history of its own. */
async function becomePrimary(source: Side, io: ChangeIo): Promise<void> {
  if ((await start(source, io)) === 'primary') return
  await promoteStandby(source, io, 60)
}

function refuseStandby(source: Side): never {
  throw new Failure({ key: 'postgres.stop-source.stillStandby', values: { host: source.host } })
}

import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import type { About } from '../../kit/kind-parts.ts'
import { linkRate } from '../../kit/link-rate.ts'
import type { SideIo } from '../../kit/side-io.ts'
import { twice } from '../../kit/timings.ts'
import { byHandAt, dataDirectoryByHand } from '../by-hand.ts'
import { dataDirectoryOf, isWholeCopy, pathExists, stateOf } from '../cluster.ts'
import { exists, move, removeFile, removeTree, startCluster, stopCluster } from '../commands.ts'
import { copyFrom, prepareRejoin, rejoin, restoreOriginalCluster } from '../copy.ts'
import { postgres } from '../define.ts'
import type { PostgresFacts } from '../facts.ts'
import { asidePath, copyingMark, type Side, type Sides, settingsPath, sidesOf, slotOf } from '../sides.ts'
import type { StreamingSpec } from '../spec.ts'
import { ensureSlot, isStreaming, waitForStreaming } from '../standby.ts'
import { userDatabases } from '../user-data.ts'
import { createSlot } from './create-slot.ts'

const ways = ['already there', 'rejoined', 'rewound', 'copied'] as const

/**
 * The target becomes a standby of the source. pg_basebackup cannot resume: a copy cut short is made again from the
 * start; a whole copy that only went its own way (rehearsal, rollback) is rewound instead.
 */
export const seed = postgres.action({
  name: 'seed',
  touches: ['source', 'target'],
  undoTouches: ['target'],
  result: z.object({ how: z.enum(ways), seconds: z.number().optional() }),
  plan: about => {
    const { seconds, isRateKnown } = copyTime(about)
    const values = { component: about.component.id }
    return {
      title: isRateKnown
        ? { key: 'postgres.seed.title', values }
        : { key: 'postgres.seed.titleAtAssumedRate', values: { ...values, mbps: assumedMbps } },
      stage: 'seed',
      after: [createSlot],
      expectedSeconds: Math.round(seconds),
      deadlineSeconds: copyDeadlineSeconds(about),
      ...twice,
      trigger: 'failure',
      // pg_basebackup begins anew when it is ended
      transfer: 'goes-on',
      undo: {
        possible: true,
        expectedSeconds: 20,
        deadlineSeconds: 300,
        byHand: { key: 'postgres.seed.byHand', values: putBackByHand(sidesOf(about).target) },
      },
    }
  },

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    const follows = (await isWholeCopy(target, source, io)) && (await isStreaming(target, source, io))
    return follows ? { how: 'already there' as const } : false
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    if ((await stateOf(source, io)) !== 'primary') {
      throw new Failure({ key: 'postgres.seed.sourceNotPrimary', values: { host: source.host } })
    }
    await ensureSlot(source, slotOf(target), io.at('source'))
    const startedAt = io.now()
    const how = await bring({ source, target }, io)
    return { how, seconds: secondsBetween(startedAt, io.now()) }
  },

  async undo(about, io) {
    const { target } = sidesOf(about)
    await restoreOriginalCluster(target, io.at('target'))
  },
})

/** Taken for the link's rate, and said, where nobody has measured or declared it. */
export const assumedMbps = 150

/** What was measured; before that, what the plan says. */
export const sizeOf = ({
  component,
  facts,
}: Pick<About<StreamingSpec, PostgresFacts>, 'component' | 'facts'>) =>
  facts.sizeBytes ?? component.declaredSizeBytes?.to ?? 0

function copyTime(about: About<StreamingSpec, PostgresFacts>): { seconds: number; isRateKnown: boolean } {
  const rate = linkRate(about.roles)
  const cap = about.spec.replication.maxRateMbps ?? Number.POSITIVE_INFINITY
  const mbps = Math.min(rate?.mbps ?? assumedMbps, cap)
  return { seconds: 10 + (sizeOf(about) * 8) / (mbps * 1e6), isRateKnown: rate !== undefined }
}

/** Of a whole copy, whichever way it goes. */
export const copyDeadlineSeconds = (about: About<StreamingSpec, PostgresFacts>): number =>
  Math.round(copyTime(about).seconds * 4 + 600)

async function bring(
  { source, target }: Pick<Sides, 'source' | 'target'>,
  io: SideIo<'source' | 'target'>,
): Promise<(typeof ways)[number]> {
  const at = io.at('target')
  if (await isWholeCopy(target, source, io)) {
    if (await isStreaming(target, source, io)) return 'already there'
    const state = await stateOf(target, io)
    if (state === 'standby' && (await comesBack(target, source, io))) return 'already there'
    try {
      await prepareRejoin(source, target, io.at('source'))
      return await rejoin(target, source, at)
    } catch (error) {
      if (io.signal.aborted) throw error
      // Too much log is gone for a rewind: only a new copy helps.
    }
  } else {
    await refuseForeignData(target, io)
  }
  await copyFrom(source, target, at)
  await waitForStreaming(target, source, io)
  return 'copied'
}

/** A standby that was cut off for a moment connects again by itself. */
async function comesBack(target: Side, source: Side, io: ReadIo): Promise<boolean> {
  return waitForStreaming(target, source, io, 8).then(
    () => true,
    error => {
      if (io.signal.aborted) throw error
      return false
    },
  )
}

/** The audit asked long ago: asked again right before anything is moved. */
async function refuseForeignData(target: Side, io: ReadIo): Promise<void> {
  const dataDirectory = await dataDirectoryOf(target, io)
  if (await pathExists(target, asidePath(dataDirectory), io)) return
  const databases = await userDatabases(target, io)
  if (databases.length === 0) return
  throw new Failure(
    { key: 'postgres.seed.foreignData', values: { host: target.host, databases: databases.join(', ') } },
    { remedy: { key: 'postgres.finding.foreign-data.remedy', values: { host: target.host } } },
  )
}

/** Nothing is removed where the original cluster is not there to take its place. */
function putBackByHand(target: Side) {
  const dataDirectory = dataDirectoryByHand(target)
  const aside = asidePath(dataDirectory)
  return {
    stop: typed(stopCluster(target, 'fast')),
    ...byHandAt(
      target,
      exists(aside),
      removeTree(dataDirectory),
      move(aside, dataDirectory),
      removeFile(settingsPath(target)),
      removeFile(copyingMark(dataDirectory)),
      startCluster(target),
    ),
  }
}

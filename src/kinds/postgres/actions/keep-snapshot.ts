import { z } from 'zod'
import type { ChangeIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { flushedPosition, lastWords } from '../cluster.ts'
import { exists, makeDataDirectory, removeTree } from '../commands.ts'
import { databasesOf } from '../compare/relations.ts'
import { postgres } from '../define.ts'
import { endSnapshots, keepSnapshots, snapshotsIn } from '../safety-copy/commands.ts'
import {
  eraseByHand,
  forgetByHand,
  keptFolder,
  socketFolder,
  wholeCopy,
  workFolder,
} from '../safety-copy/place.ts'
import { copySeconds } from '../safety-copy/seconds.ts'
import { type Side, sidesOf } from '../sides.ts'
import { promote } from './promote.ts'

/** Of a server that is busy with nothing else; past it the run goes on without a copy. */
const longestSeconds = 30
/** Of every other command. The folder may be a mount of a host that no longer answers: no night and no rollback waits for that. */
const patienceSeconds = 8

/**
 * Between the promotion and the first write of a user the target is as the source was fenced. A session keeps that sight of it for
 * the safety copy, which is taken later: users wait for none. That there is none fails no night: the copy then fails, and says why.
 */
export const keepSnapshot = postgres.action({
  name: 'keep-snapshot',
  touches: ['target'],
  result: z.discriminatedUnion('kept', [
    z.object({
      kept: z.literal(true),
      position: z.string(),
      takenAt: z.string(),
      snapshots: z.array(z.object({ snapshot: z.string(), database: z.string() })),
    }),
    z.object({ kept: z.literal(false), why: z.string() }),
  ]),
  plan: about => ({
    title: { key: 'postgres.keep-snapshot.title', values: { component: about.component.id } },
    stage: 'handover',
    after: [promote],
    expectedSeconds: 2,
    deadlineSeconds: shortDeadlineSeconds * 2,
    attempts: 1,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 1,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.keep-snapshot.byHand', values: forgetByHand(sidesOf(about).target) },
    },
  }),

  async isDone() {
    // Its sessions may have ended; another sight of the same is as good, as long as users are kept out.
    return false
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    const at = impatient(io.at('target'))
    const without = async (why: string) => {
      await forgetSessions(target, at)
      io.report({ note: { key: 'postgres.keep-snapshot.none', values: { host: target.host, why } } })
      return { kept: false as const, why }
    }
    try {
      const place = { work: await workFolder(target, at), socket: await socketFolder(target, io) }
      for (const folder of [place.work, keptFolder(target)])
        await at.change(target.host, makeDataDirectory(folder))
      const databases = (await databasesOf(target, io)).map(({ name }) => name)
      const options = { asUser: 'postgres', allowFailure: true, timeoutSeconds: longestSeconds }
      const kept = await at.change(
        target.host,
        keepSnapshots(target, place, keptSeconds(about), databases),
        options,
      )
      const { exitCode, stdout, stderr } = kept
      if (exitCode !== 0) return await without(lastWords(stderr))
      const snapshots = snapshotsIn(stdout)
      return {
        kept: true as const,
        position: await flushedPosition(target, io),
        takenAt: io.now(),
        snapshots,
      }
    } catch (error) {
      if (io.signal.aborted) throw error
      return await without(wordsOf(error))
    }
  },

  undo: (about, io) => forgetUnfinished(sidesOf(about).target, io.at('target')),
})

/** Not for as long as a run may last: vacuum keeps every dead row of the target until then. A copy that failed may be retried so long. */
export const keptSeconds = (about: Parameters<typeof copySeconds>[0]): number =>
  Math.min(24 * 3600, 2 * copySeconds(about).expectedSeconds + 3600)

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const impatient = (io: ChangeIo): ChangeIo => ({
  ...io,
  read: (host, argv, options) => io.read(host, argv, { timeoutSeconds: patienceSeconds, ...options }),
  change: (host, argv, options) => io.change(host, argv, { timeoutSeconds: patienceSeconds, ...options }),
})

/** Of a night that goes on without a copy. What cannot be ended ends by itself. */
async function forgetSessions(target: Side, io: ChangeIo): Promise<void> {
  try {
    await endSessions(target, io)
  } catch (error) {
    if (io.signal.aborted) throw error
  }
}

/** And removes what is not encrypted. */
export async function endSessions(target: Side, io: ChangeIo): Promise<void> {
  const work = await workFolder(target, io)
  await io.change(target.host, endSnapshots(work))
  await io.change(target.host, removeTree(work))
}

/**
 * In a rollback, which neither waits for a folder that does not answer nor fails on it: it says what is left. A whole copy is left,
 * too: it is true whichever site serves, and may be all that there is. Only people erase it.
 */
export async function forgetUnfinished(target: Side, io: ChangeIo): Promise<Text[]> {
  const at = impatient(io)
  const left: Text[] = []
  const tried = async (command: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (io.signal.aborted) throw error
      const values = { host: target.host, why: wordsOf(error), command }
      left.push({ key: 'postgres.safety-copy.stillThere', values })
    }
  }
  await tried(forgetByHand(target).commands, () => endSessions(target, at))
  const command = eraseByHand(target)
  await tried(command, async () => {
    const whole = await at.read(target.host, exists(wholeCopy(target)), { allowFailure: true })
    if (whole.exitCode !== 0) return at.change(target.host, removeTree(keptFolder(target)))
    const values = { host: target.host, folder: keptFolder(target), command }
    left.push({ key: 'postgres.safety-copy.staysAfterRollback', values })
  })
  return left
}

import { z } from 'zod'
import type { ChangeIo } from '../../../model/io.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { flushedPosition, lastWords } from '../cluster.ts'
import { makeDataDirectory, removeTree } from '../commands.ts'
import { databasesOf } from '../compare/relations.ts'
import { postgres } from '../define.ts'
import { endSnapshots, keepSnapshots, snapshotsIn } from '../safety-copy/commands.ts'
import { forgetByHand, keptFolder, socketFolder, workFolder } from '../safety-copy/place.ts'
import { copySeconds } from '../safety-copy/seconds.ts'
import { type Side, sidesOf } from '../sides.ts'
import { promote } from './promote.ts'
import { trialPromote } from './trial-promote.ts'

/** Of a server that is busy with nothing else; past it the run goes on without a copy. */
const longestSeconds = 30

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
    after: [promote, trialPromote],
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
    const at = io.at('target')
    const seconds = about.plan.window.lengthMinutes * 60 + 2 * copySeconds(about).deadlineSeconds
    try {
      const place = { work: await workFolder(target, io), socket: await socketFolder(target, io) }
      for (const folder of [place.work, keptFolder(target)])
        await at.change(target.host, makeDataDirectory(folder))
      const databases = (await databasesOf(target, io)).map(({ name }) => name)
      const options = { asUser: 'postgres', allowFailure: true, timeoutSeconds: longestSeconds }
      const kept = await at.change(target.host, keepSnapshots(target, place, seconds, databases), options)
      const { exitCode, stdout, stderr } = kept
      if (exitCode !== 0) return { kept: false as const, why: lastWords(stderr) }
      const snapshots = snapshotsIn(stdout)
      return {
        kept: true as const,
        position: await flushedPosition(target, io),
        takenAt: io.now(),
        snapshots,
      }
    } catch (error) {
      if (io.signal.aborted) throw error
      return { kept: false as const, why: error instanceof Error ? error.message : String(error) }
    }
  },

  undo: (about, io) => forget(sidesOf(about).target, io.at('target')),
})

/** Also the copy: after a rollback the source has all that it holds, and no `close` comes that would erase it on its day. */
export async function forget(target: Side, io: ChangeIo): Promise<void> {
  await io.change(target.host, endSnapshots(await workFolder(target, io)))
  await io.change(target.host, removeTree(keptFolder(target)))
}

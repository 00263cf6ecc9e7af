import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { Text } from '../../../model/text.ts'
import { twice } from '../../kit/timings.ts'
import { lastWords } from '../cluster.ts'
import { readText, removeTree } from '../commands.ts'
import { postgres } from '../define.ts'
import { type Copied, copiedIn, takeCopy } from '../safety-copy/commands.ts'
import { forgetByHand, keptFolder, socketFolder, wholeCopy, workFolder } from '../safety-copy/place.ts'
import { refuseTooLittle } from '../safety-copy/room.ts'
import { copySeconds } from '../safety-copy/seconds.ts'
import { type Side, sidesOf } from '../sides.ts'
import { queryText } from '../sql.ts'
import { forgetUnfinished, keepSnapshot } from './keep-snapshot.ts'

/**
 * The safety copy (docs/adr/0025-safety-copy.md): every database as it was at the fence, dumped beside the run once users are back,
 * restored and compared before it is encrypted for good, for then Bascule can read it no more. It counts only with `proven`.
 */
export const safetyCopy = postgres.action({
  name: 'safety-copy',
  touches: ['target'],
  result: z.object({
    proven: z.literal(true),
    takenAt: z.string(),
    position: z.string(),
    folder: z.string(),
    bytes: z.number(),
    rows: z.number(),
    tables: z.number(),
    files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
    seconds: z.number().optional(),
  }),
  plan: about => ({
    title: { key: 'postgres.safety-copy.title', values: { component: about.component.id } },
    stage: 'settle',
    after: [keepSnapshot],
    beside: true,
    ...copySeconds(about),
    ...twice,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 1,
      deadlineSeconds: 60,
      byHand: { key: 'postgres.safety-copy.byHand', values: forgetByHand(sidesOf(about).target) },
    },
  }),

  async isDone(about, io) {
    const { target } = sidesOf(about)
    const kept = about.resultOf(keepSnapshot)
    const options = { asUser: 'postgres', allowFailure: true }
    const { stdout } = await io.read(target.host, readText(wholeCopy(target)), options)
    const copied = copiedIn(stdout)
    if (!kept?.kept || copied?.tag !== kept.takenAt) return false
    return resultOf(target, kept, copied)
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    const kept = about.resultOf(keepSnapshot)
    if (!kept?.kept) throw noSnapshot(target, kept?.why ?? '-')
    await refuseTooLittle(target, await sizeOf(target, io), io)
    const startedAt = io.now()
    const place = { work: await workFolder(target, io), socket: await socketFolder(target, io) }
    const { stdout, stderr, exitCode } = await io
      .at('target')
      .change(target.host, takeCopy(target, place, kept.takenAt, kept.snapshots), {
        asUser: 'postgres',
        allowFailure: true,
        onLine: line => {
          const note = noteOf(line)
          if (note !== undefined) io.report({ note })
        },
      })
    const different = /^different (\S+) (.*)$/m.exec(stdout)
    if (different) {
      const [, database = '', names = ''] = different
      throw new Failure({ key: 'postgres.safety-copy.different', values: { database, names } })
    }
    const copied = copiedIn(stdout)
    if (exitCode !== 0 || copied === undefined) {
      const values = { host: target.host, detail: lastWords(stderr) }
      throw new Failure({ key: 'postgres.safety-copy.failed', values })
    }
    // Empty by now: the script may not remove it from a folder of root's.
    await io.at('target').change(target.host, removeTree(place.work), { allowFailure: true })
    return { ...resultOf(target, kept, copied), seconds: secondsBetween(startedAt, io.now()) }
  },

  undo: (about, io) => forgetUnfinished(sidesOf(about).target, io.at('target')),
})

const noSnapshot = (target: Side, why: string): Failure =>
  new Failure({ key: 'postgres.safety-copy.noSnapshot', values: { host: target.host, why } })

const sizeOf = async (target: Side, io: Parameters<typeof queryText>[0]): Promise<number> =>
  Number(await queryText(io, target.sql, 'select sum(pg_database_size(oid))::int8 from pg_database'))

const notes = {
  server: 'postgres.safety-copy.doing.server',
  dump: 'postgres.safety-copy.doing.dump',
  restore: 'postgres.safety-copy.doing.restore',
  compare: 'postgres.safety-copy.doing.compare',
} as const

/** `doing compare techcorp` */
function noteOf(line: string): Text | undefined {
  const [, what = '', database = ''] = /^doing (\w+) ?(.*)$/.exec(line) ?? []
  const key = Object.entries(notes).find(([name]) => name === what)?.[1]
  return key && { key, values: { database } }
}

function resultOf(
  target: Side,
  kept: { takenAt: string; position: string },
  { files, tables, rows }: Copied,
) {
  const { takenAt, position } = kept
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { proven: true as const, takenAt, position, folder: keptFolder(target), bytes, rows, tables, files }
}

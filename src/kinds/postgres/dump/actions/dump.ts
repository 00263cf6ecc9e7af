import { z } from 'zod'
import { Failure } from '../../../../model/failure.ts'
import { secondsBetween } from '../../../../model/instant.ts'
import { twice } from '../../../kit/timings.ts'
import { assumedMbps } from '../../actions/seed.ts'
import { makeDataDirectory, readText, removeTree } from '../../commands.ts'
import { nextTransaction } from '../../compare/proof.ts'
import { dumping } from '../../define.ts'
import { sidesOf } from '../../sides.ts'
import { type Dumped, dumpAll, dumpedIn } from '../commands.ts'
import { dumpFolder, movedDatabases, removeByHand, workFolder } from '../place.ts'
import { programErrors } from '../program-errors.ts'
import { forecast, timed } from '../seconds.ts'
import { dumpFence } from './dump-fence.ts'

/**
 * All databases and roles of the source, in a folder at the target. It is known by the number of the source's next transaction, which stays the
 * same as long as nobody writes a row. Nothing is changed at the source; a rehearsal dumps while it serves.
 */
export const dump = dumping.action({
  name: 'dump',
  touches: ['target'],
  result: z.object({
    transaction: z.string(),
    databases: z.number(),
    bytes: z.number(),
    seconds: z.number().optional(),
  }),
  plan: about => {
    const { steps, linkSeconds, isRateKnown } = forecast(about)
    const values = { component: about.component.id }
    return {
      title: isRateKnown
        ? { key: 'postgres.dump.title', values }
        : { key: 'postgres.dump.titleAtAssumedRate', values: { ...values, mbps: assumedMbps } },
      stage: 'drain',
      after: [dumpFence],
      ...timed(steps.dump),
      ...twice,
      trigger: 'failure',
      // pg_dump begins anew when it is ended
      transfer: 'goes-on',
      duration: { linkSeconds },
      undo: {
        possible: true,
        expectedSeconds: 1,
        deadlineSeconds: 300,
        byHand: { key: 'postgres.dump.byHand', values: removeByHand(sidesOf(about).target) },
      },
    }
  },

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    const folder = dumpFolder(await workFolder(target, io))
    const options = { asUser: 'postgres', allowFailure: true }
    const { stdout } = await io.read(target.host, readText(`${folder}/whole`), options)
    const dumped = dumpedIn(stdout)
    if (dumped === undefined || dumped.tag !== (await nextTransaction(source, io))) return false
    return resultOf(dumped)
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    const at = io.at('target')
    const startedAt = io.now()
    const databases = await movedDatabases(source, io)
    const tag = await nextTransaction(source, io)
    const work = await workFolder(target, io)
    await at.change(target.host, makeDataDirectory(work))
    const { exitCode, stdout, stderr } = await at.change(
      target.host,
      dumpAll(source, target, work, tag, databases),
      {
        asUser: 'postgres',
        allowFailure: true,
        input: `${await io.secret(spec.admin.password)}\n`,
        onLine: line => {
          const [, file] = /^doing (.+)$/.exec(line) ?? []
          if (file !== undefined)
            io.report({
              note: { key: 'postgres.dump.doing', values: { database: decodeURIComponent(file) } },
            })
        },
      },
    )
    const dumped = dumpedIn(stdout)
    if (exitCode === 0 && dumped !== undefined)
      return { ...resultOf(dumped), seconds: secondsBetween(startedAt, io.now()) }
    const values = { host: target.host, source: source.host, detail: programErrors(stderr) }
    throw new Failure(
      { key: 'postgres.dump.failed', values },
      { remedy: { key: 'postgres.dump.failed.remedy', values } },
    )
  },

  async undo(about, io) {
    const { target } = sidesOf(about)
    await io.at('target').change(target.host, removeTree(await workFolder(target, io)))
  },
})

const resultOf = ({ tag, bytes, files }: Dumped) => ({ transaction: tag, databases: files.length, bytes })

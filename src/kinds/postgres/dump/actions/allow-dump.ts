import { z } from 'zod'
import { Failure } from '../../../../model/failure.ts'
import type { ReadIo } from '../../../../model/io.ts'
import { typed } from '../../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../../kit/timings.ts'
import { editHba } from '../../access.ts'
import { byHandAt, psql } from '../../by-hand.ts'
import { hasCertificate, keepCertificate } from '../../certificate.ts'
import { lastWords } from '../../cluster.ts'
import { reloadCluster, removeFile } from '../../commands.ts'
import { dumping } from '../../define.ts'
import { createSavedTables, dropSavedSchema, readSaved, saveOnce } from '../../saved.ts'
import { begin, end, withoutRules, withRules } from '../../settings.ts'
import { configDirectory, fencingPath, primaryCertificatePath, sidesOf } from '../../sides.ts'
import { executeReadWrite } from '../../sql.ts'
import { tryConnection } from '../commands.ts'
import type { DumpSide, DumpSides } from '../place.ts'

const keptKey = 'allow-dump'

/** The target’s programs may log in at the source, over TLS, as the role that the write fence leaves alone. Tried at once. */
export const allowDump = dumping.action({
  name: 'allow-dump',
  touches: ['source', 'target'],
  result: z.object({ role: z.string() }),
  plan: about => ({
    title: { key: 'postgres.allow-dump.title', values: { component: about.component.id } },
    stage: 'provision',
    expectedSeconds: 3,
    deadlineSeconds: shortDeadlineSeconds,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'postgres.allow-dump.byHand', values: closeByHand(sidesOf(about)) },
    },
  }),

  /** The note goes last. */
  async isDone(about, io) {
    const { source, target, spec } = sidesOf(about)
    if ((await readSaved(source, keptKey, io)) === undefined) return false
    return (await hasCertificate(target, source, io)) ? { role: spec.admin.user } : false
  },

  async apply(about, io) {
    const { source, target, spec } = sidesOf(about)
    for (const side of ['source', 'target'] as const)
      await createSavedTables({ source, target }[side], io.at(side))
    await keepCertificate(target, source, io.at('target'))
    const rule = { database: 'all', user: spec.admin.user, address: target.address }
    await editHba(source, file => withRules(file, source.owner, [rule]), io.at('source'))
    await refuseClosed(source, target, io)
    await saveOnce(source, keptKey, { address: target.address }, io.at('source'))
    return { role: spec.admin.user }
  },

  async undo(about, io) {
    const { source, target } = sidesOf(about)
    await editHba(source, file => withoutRules(file, source.owner), io.at('source'))
    await io.at('target').change(target.host, removeFile(primaryCertificatePath(target)))
    for (const side of ['source', 'target'] as const) {
      await executeReadWrite(io.at(side), { source, target }[side].sql, dropSavedSchema)
      await io
        .at(side)
        .change({ source, target }[side].host, removeFile(fencingPath({ source, target }[side])))
    }
  },
})

/** The very login of the night. */
async function refuseClosed(source: DumpSide, target: DumpSide, io: ReadIo): Promise<void> {
  const { exitCode, stderr } = await io.read(target.host, tryConnection(source, target), {
    asUser: 'postgres',
    allowFailure: true,
    input: `${await io.secret(source.spec.admin.password)}\n`,
  })
  if (exitCode === 0) return
  const values = {
    ...{ source: source.host, target: target.host, user: source.spec.admin.user },
    detail: lastWords(stderr),
  }
  throw new Failure(
    { key: 'postgres.allow-dump.refused', values },
    { remedy: { key: 'postgres.allow-dump.refused.remedy', values } },
  )
}

function closeByHand({ source, target }: DumpSides) {
  const { host, commands } = byHandAt(
    source,
    [
      'sed',
      '-i',
      `\\|^${begin(source.owner)}$|,\\|^${end(source.owner)}$|d`,
      `${configDirectory(source)}/pg_hba.conf`,
    ],
    removeFile(fencingPath(source)),
    reloadCluster(source),
    psql(source, dropSavedSchema),
  )
  const there = typed(
    removeFile(primaryCertificatePath(target)),
    removeFile(fencingPath(target)),
    psql(target, dropSavedSchema),
  )
  return { source: host, commands, target: target.host, there }
}

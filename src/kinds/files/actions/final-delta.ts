import { z } from 'zod'
import type { ChangeIo } from '../../../model/io.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { changesSinceBaseline } from '../changes-since-baseline.ts'
import { deleteListed, noteDeletions } from '../delete-listed.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { mostDeletions, requireSender, tooManyDeletions } from '../guard.ts'
import { planned } from '../planned.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'
import { prove, provenAt } from './prove.ts'

/**
 * The last delta, once nothing writes any more. Names of what was sent stay at the source: a list of the estate's files
 * is no matter for the journal.
 */
export const finalDelta = files.action({
  name: 'final-delta',
  touches: ['source', 'target'],
  result: z.object({
    way: z.enum(['known-list', 'whole-tree']),
    entries: z.number(),
    files: z.number(),
    bytes: z.number(),
    keptBytes: z.number(),
    deleted: z.number(),
    list: z.string(),
    listHost: z.string(),
  }),

  plan: about =>
    planned(workFor(about).finalDeltaSeconds, {
      title: { key: 'files.final-delta.title', values: { component: about.component.title } },
      stage: 'drain',
      transfer: 'resumes',
      undo: { possible: false, why: { key: 'files.final-delta.noUndo' } },
    }),

  /** Run again it sends what is left, and gives the result that later steps read. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const { source, target } = trees
    const list = workFile(trees, 'final-delta.list')
    await Promise.all([
      requireSender(io, source, acting.facts.sourceMountPoint),
      endLeftovers(io.at('target'), target.ssh, target.path),
      io.at('source').change(source.ssh, ['mkdir', '-p', '-m', '0700', trees.workDirectory]),
    ])
    const most = mostDeletions(trees, acting.facts.files ?? 0)
    const both = io.at('source', 'target')
    const change = await changesSinceBaseline(both, trees, provenAt(acting.resultOf(prove)))
    const deletedByList = change ? await deleteAtTarget(both, trees, list, change.deletions, most) : 0
    const report = await sync(both, trees, {
      ...(change ? { names: change.names } : { delete: { most } }),
      logFile: list,
    })
    return {
      way: change ? ('known-list' as const) : ('whole-tree' as const),
      entries: change?.entries ?? report.entries,
      files: report.sentFiles,
      bytes: report.sentBytes,
      keptBytes: report.keptBytes,
      deleted: report.deleted + deletedByList,
      list,
      listHost: source.ssh,
    }
  },
})

/** Before anything is sent: a directory in whose place the source has a file by now must be empty by then. */
async function deleteAtTarget(
  io: ChangeIo,
  trees: TreePair,
  list: string,
  names: readonly string[],
  most: number,
): Promise<number> {
  if (names.length > most) throw tooManyDeletions(trees, names.length, most)
  const [deleted] = await Promise.all([deleteListed(io, trees, names), noteDeletions(io, trees, list, names)])
  return deleted
}

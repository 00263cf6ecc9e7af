import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { changesSinceBaseline } from '../changes-since-baseline.ts'
import { deleteListed, noteDeletions } from '../delete-listed.ts'
import { auditedMountPoint, mostDeletions, requireSender, tooManyDeletions } from '../guard.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

/**
 * The last delta, once nothing writes any more. Names of what was sent stay at the source: a list of the estate's files
 * is no matter for the journal.
 */
export const finalDelta: Action = {
  /** Run again it sends what is left, and gives the result that later steps read. */
  isDone: async () => false,

  async apply({ component, plan, facts, results }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    const { source } = trees
    const list = workFile(trees, 'final-delta.list')
    await Promise.all([
      requireSender(io, source, auditedMountPoint(facts[component.id])),
      endLeftovers(io, trees.target.ssh, trees.target.path),
      io.change(source.ssh, ['mkdir', '-p', '-m', '0700', trees.workDirectory]),
    ])
    const known = Number(facts[component.id]?.files?.value ?? 0)
    const most = mostDeletions(trees, known)
    const change = await changesSinceBaseline(io, trees, results)
    const deletedByList = change ? await deleteAtTarget(io, trees, list, change.deletions, most) : 0
    const report = await sync(io, trees, {
      ...(change ? { names: change.names } : { delete: { most } }),
      logFile: list,
    })
    const { sentFiles, sentBytes, keptBytes } = report
    return {
      way: change ? 'known-list' : 'whole-tree',
      entries: change?.entries ?? report.entries,
      files: sentFiles,
      bytes: sentBytes,
      keptBytes,
      deleted: report.deleted + deletedByList,
      list,
      listHost: source.ssh,
    }
  },
}

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

import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { instants, instantsReachBackSeconds } from '../changes.ts'
import { removePartials } from '../commands.ts'
import { auditedMountPoint, mostDeletions, requireSender } from '../guard.ts'
import { documentsLookedAt } from '../limits.ts'
import { checkReadable } from '../readable.ts'
import { countDifferences } from '../rsync-output.ts'
import { sync } from '../sync.ts'
import { treePairOf } from '../tree-pair.ts'

/**
 * Reads every file at both ends in the days before and compares the hashes, so that the night has to read only what
 * changes afterwards. What differs is sent again: changed since the sync, or damaged (other content under the
 * same size and time), which is told apart because it should never happen.
 */
export const prove: Action = {
  /** Only reading it all tells. */
  isDone: async () => false,

  async apply({ component, plan, facts }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    const { source, target } = trees
    await requireSender(io, source, auditedMountPoint(facts[component.id]))
    // parts of files that were deleted at the source before they had come whole
    await io.change(target.ssh, removePartials(target.path))
    // what the first sync wrote a moment ago would all be read again in the night
    await io.sleep(instantsReachBackSeconds)
    const provenAt = await instants(io, trees)
    const files = Number(facts[component.id]?.files?.value ?? 0)
    const report = await sync(io, trees, {
      checksum: true,
      itemize: true,
      delete: { most: mostDeletions(trees, files) },
      limitMbps: trees.spec.bandwidthLimitMbps,
    })
    const documents = await checkReadable(io, target, [{ most: documentsLookedAt.ahead }], { deep: false })
    return {
      provenAtSource: provenAt.source,
      provenAtTarget: provenAt.target,
      compared: report.entries,
      bytes: report.totalBytes,
      different: countDifferences(report),
      damaged: report.differences.damaged,
      sentFiles: report.sentFiles,
      examples: report.examples,
      documents: documents.checked[0] ?? 0,
      unreadable: documents.unreadable.length,
      unreadableExamples: documents.unreadable.slice(0, 10),
    }
  },
}

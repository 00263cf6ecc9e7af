import { z } from 'zod'
import { type Instants, instants, instantsReachBackSeconds } from '../changes.ts'
import { removePartials } from '../commands.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { mostDeletions, requireSender } from '../guard.ts'
import { disksOf, planned } from '../planned.ts'
import { checkReadable, documentsLookedAt } from '../readable.ts'
import { countDifferences } from '../rsync-output.ts'
import { sync } from '../sync.ts'
import { treePairOf } from '../tree-pair.ts'
import { firstSync } from './first-sync.ts'

/**
 * Reads every file at both ends in the days before and compares the hashes, so that the night has to read only what
 * changes afterwards. What differs is sent again: changed since the sync, or damaged (other content under the
 * same size and time), which is told apart because it should never happen.
 */
export const prove = files.action({
  name: 'prove',
  // rsync runs at the source; what it changes is the target
  touches: ['source', 'target'],
  result: z.object({
    provenAtSource: z.number(),
    provenAtTarget: z.number(),
    compared: z.number(),
    bytes: z.number(),
    different: z.number(),
    damaged: z.number(),
    sentFiles: z.number(),
    examples: z.array(z.string()),
    documents: z.number(),
    unreadable: z.number(),
    unreadableExamples: z.array(z.string()),
  }),

  plan: about =>
    planned(workFor(about).proveSeconds, {
      title: { key: 'files.prove.title', values: { component: about.component.title } },
      stage: 'prove',
      duration: { alone: disksOf(about) },
      after: [firstSync],
      trigger: 'R3',
      undo: { possible: false, why: { key: 'files.prove.noUndo' } },
    }),

  /** Only reading it all tells. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const { source, target } = trees
    await requireSender(io, source, acting.facts.sourceMountPoint)
    // parts of files that were deleted at the source before they had come whole
    await io.at('target').change(target.ssh, removePartials(target.path))
    // what the first sync wrote a moment ago would all be read again in the night
    await io.sleep(instantsReachBackSeconds)
    const provenAt = await instants(io, trees)
    const report = await sync(io.at('source', 'target'), trees, {
      checksum: true,
      itemize: true,
      delete: { most: mostDeletions(trees, acting.facts.files ?? 0) },
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
})

type Proof = { provenAtSource: number; provenAtTarget: number }
/** When both trees were proven equal, by each host's own clock; undefined: never. */
export const provenAt = (proof: Proof | undefined): Instants | undefined =>
  proof && { source: proof.provenAtSource, target: proof.provenAtTarget }

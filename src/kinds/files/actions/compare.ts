import { z } from 'zod'
import type { ChangeIo } from '../../../model/io.ts'
import { compareFields } from '../compare-fields.ts'
import { compareSinceProof, differentEntries } from '../compare-since-proof.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { mostDeletions } from '../guard.ts'
import { decodeNames, encodeNames, type NameList, parentsOf } from '../names.ts'
import { planned } from '../planned.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf } from '../tree-pair.ts'
import { finalDelta } from './final-delta.ts'
import { prove, provenAt } from './prove.ts'

/**
 * T7: content hashes at both ends of what changed at either end since everything was proven equal. What differs is
 * sent again, once; whether that was enough is for the check to say.
 */
export const compareChanged = files.action({
  name: 'compare',
  touches: ['source', 'target'],
  result: z.object({
    scope: z.enum(['changed', 'all']),
    compared: z.number(),
    bytes: z.number(),
    different: z.number(),
    damaged: z.number(),
    sentAgain: z.number(),
    examples: z.array(z.string()),
  }),

  plan: about =>
    planned(workFor(about).compareSeconds, {
      title: { key: 'files.compare.title', values: { component: about.component.title } },
      stage: 'drain',
      after: [finalDelta],
      trigger: 'R3',
      undo: { possible: false, why: { key: 'files.compare.noUndo' } },
    }),

  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    const [first, unlike] = await Promise.all([
      compareSinceProof(io, trees, provenAt(acting.resultOf(prove))),
      compareFields(io, trees),
      toDisk(trees, io.at('target')),
    ])
    // what a list of known changes has missed, the whole tree does not
    const most = mostDeletions(trees, acting.facts.files ?? 0)
    if (unlike !== undefined) await sync(both, trees, { delete: { most } })
    const different = differentEntries(first, unlike)
    if (different > 0) {
      await sync(both, trees, {
        checksum: true,
        ...(first.names ? { names: withParents(first.names) } : { delete: {} }),
      })
      await toDisk(trees, io.at('target'))
    }
    return {
      scope: first.names ? ('changed' as const) : ('all' as const),
      compared: first.names?.count ?? first.report.entries,
      bytes: first.report.totalBytes,
      different,
      damaged: first.report.differences.damaged,
      sentAgain: different,
      examples: first.report.examples,
    }
  },
})

/** A file that is sent again gives its directory another time, and that would be a difference again. */
function withParents({ encoded }: NameList): NameList {
  const names = decodeNames(encoded)
  return encodeNames([...names, ...parentsOf(names)])
}

/** rsync leaves what it wrote in the target's memory; a power cut after the move must not take it back. */
async function toDisk({ target }: TreePair, io: ChangeIo): Promise<void> {
  await io.change(target.ssh, ['sync', '--file-system', target.path])
}

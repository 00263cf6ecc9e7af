import type { ChangeIo } from '../../../model/io.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { compareFields } from '../compare-fields.ts'
import { compareSinceProof, differentEntries } from '../compare-since-proof.ts'
import { mostDeletions } from '../guard.ts'
import { sync } from '../sync.ts'
import { type TreePair, treePairOf } from '../tree-pair.ts'

/**
 * T7: content hashes at both ends of what changed at either end since everything was proven equal. What differs is
 * sent again, once; whether that was enough is for the check to say.
 */
export const compareChanged: Action = {
  isDone: async () => false,

  async apply({ component, plan, facts, results }: StepContext, io: ChangeIo): Promise<JsonObject> {
    const trees = treePairOf(component, plan)
    const [first, unlike] = await Promise.all([
      compareSinceProof(io, trees, results),
      compareFields(io, trees),
      toDisk(trees, io),
    ])
    // what a list of known changes has missed, the whole tree does not
    const known = Number(facts[component.id]?.files?.value ?? 0)
    if (unlike !== undefined) await sync(io, trees, { delete: { most: mostDeletions(trees, known) } })
    const different = differentEntries(first, unlike)
    if (different > 0) {
      await sync(io, trees, { checksum: true, ...(first.names ? { names: first.names } : { delete: {} }) })
      await toDisk(trees, io)
    }
    return {
      scope: first.names ? 'changed' : 'all',
      compared: first.names?.count ?? first.report.entries,
      bytes: first.report.totalBytes,
      different,
      damaged: first.report.differences.damaged,
      sentAgain: different,
      examples: first.report.examples,
    }
  },
}

/** rsync leaves what it wrote in the target's memory; a power cut after the move must not take it back. */
async function toDisk({ target }: TreePair, io: ChangeIo): Promise<void> {
  await io.change(target.ssh, ['sync', '--file-system', target.path])
}

import type { ChangeIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import { changedAt, directoriesChangedAt } from './changes.ts'
import { provenAt } from './compare-since-proof.ts'
import { entriesMissingOnOneSide } from './entries-missing-on-one-side.ts'
import { encodeNames, type NameList } from './names.ts'
import type { TreePair } from './tree-pair.ts'

/** `names` are sent; `deletions` are what the source no longer has and the target still does. */
export type ChangesSinceBaseline = { names: NameList; deletions: string[]; entries: number }

/**
 * All that differs since both trees were proven equal: what changed at either end, what only one of them has, and the directories
 * whose own fields moved with that. So the last delta sends a list instead of comparing every entry: its time does not
 * grow with the tree. Undefined, and the whole tree is compared, when nothing was proven ahead, when patterns are left out
 * (rsync's alone to read), or when the target alone has a file that changed there after the proof: it was never proven to be
 * a copy of one that the source had.
 */
export async function changesSinceBaseline(
  io: ChangeIo,
  trees: TreePair,
  results: Record<string, JsonObject>,
): Promise<ChangesSinceBaseline | undefined> {
  const since = provenAt(results[`${trees.component}.prove`])
  if (since === undefined || trees.spec.exclude.length > 0) return undefined
  const [changedHere, changedThere, directories, { onlyAtSource, onlyAtTarget, entries }] = await Promise.all(
    [
      changedAt(io, trees.source, since.source),
      changedAt(io, trees.target, since.target),
      directoriesChangedAt(io, trees.source, since.source),
      entriesMissingOnOneSide(io, trees),
    ],
  )
  const unproven = new Set(changedThere)
  if (onlyAtTarget.some(name => unproven.has(name))) return undefined
  const names = [...changedHere, ...changedThere, ...directories, ...onlyAtSource]
  const withParents = [...names, ...[...names, ...onlyAtTarget].flatMap(parentOf)]
  const gone = new Set(onlyAtTarget)
  return {
    names: encodeNames(withParents.filter(name => !gone.has(name))),
    deletions: onlyAtTarget,
    entries,
  }
}

/** What comes or goes in a directory of the receiver changes its time; sent with its entries, it has the sender's again. */
function parentOf(name: string): string[] {
  const end = name.lastIndexOf('/')
  return end === -1 ? [] : [name.slice(0, end)]
}

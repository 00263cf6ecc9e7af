import type { ChangeIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import { changesSince, directoriesChangedAt } from './changes.ts'
import { provenAt } from './compare-since-proof.ts'
import { decodeNames, encodeNames, type NameList } from './names.ts'
import { oneSided } from './one-sided.ts'
import type { Places } from './places.ts'

export type KnownChange = { names: NameList; entries: number }

/**
 * All that differs since both trees were proven equal: what changed at either end, what only one of them has, and the directories
 * whose own fields moved with that. So the last delta sends a list instead of comparing every entry: its time does not
 * grow with the tree. Undefined, and the whole tree is compared, when nothing was proven ahead, when patterns are left out
 * (rsync's alone to read), or when more would be deleted than the plan allows (rsync then refuses, and says so).
 */
export async function knownChange(
  io: ChangeIo,
  places: Places,
  results: Record<string, JsonObject>,
  mostDeletions: number,
): Promise<KnownChange | undefined> {
  const since = provenAt(results[`${places.component}.prove`])
  if (since === undefined || places.spec.exclude.length > 0) return undefined
  const [changed, directories, { onlyAtSource, onlyAtTarget, entries }] = await Promise.all([
    changesSince(io, places, since),
    directoriesChangedAt(io, places.source, since.source),
    oneSided(io, places),
  ])
  if (onlyAtTarget.length > mostDeletions) return undefined
  const names = [...decodeNames(changed.encoded), ...directories, ...onlyAtSource, ...onlyAtTarget]
  return { names: encodeNames([...names, ...names.flatMap(parentOf)]), entries }
}

/** What arrives in a directory of the receiver changes its time; sent with its entries, it has the sender's again. */
function parentOf(name: string): string[] {
  const end = name.lastIndexOf('/')
  return end === -1 ? [] : [name.slice(0, end)]
}

import type { ChangeIo } from '../../model/io.ts'
import { quoteArgv } from '../../transport/quote.ts'
import { script } from '../kit/script.ts'
import { changedAt, directoriesChangedAt, type Instants } from './changes.ts'
import { partialDirectory, shellArgv } from './commands.ts'
import { decodeNames, encodeNames, type NameList } from './names.ts'
import { type TreePair, workFile } from './tree-pair.ts'

/** `names` are sent; `deletions` are what the source no longer has and the target still does. */
export type ChangesSinceBaseline = { names: NameList; deletions: string[]; entries: number }

/**
 * All that differs since both trees were proven equal (`since`; undefined: they were not): what changed at either end, what only one of them has, and the directories
 * whose own fields moved with that. So the last delta sends a list instead of comparing every entry: its time does not
 * grow with the tree. Undefined, and the whole tree is compared, when nothing was proven ahead, when patterns are left out
 * (rsync's alone to read), or when the target alone has a file that changed there after the proof: it was never proven to be
 * a copy of one that the source had.
 */
export async function changesSinceBaseline(
  io: ChangeIo,
  trees: TreePair,
  since: Instants | undefined,
): Promise<ChangesSinceBaseline | undefined> {
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

const namesOfTree = script(import.meta.dirname, 'scripts/names-of-tree.sh')
const compareNames = script(import.meta.dirname, 'scripts/compare-names.sh')

/** Names that only one end has: created or renamed, and deleted or renamed away, since both were equal. */
type EntriesMissingOnOneSide = { onlyAtSource: string[]; onlyAtTarget: string[]; entries: number }

/** Reads the names of both trees, no content and no fields. Throws Failure when either cannot be walked. */
async function entriesMissingOnOneSide(io: ChangeIo, trees: TreePair): Promise<EntriesMissingOnOneSide> {
  const { source, target } = trees
  const far = quoteArgv(namesOfTree.argv(target.path, partialDirectory, 'gzip', '-1'))
  const argv = compareNames.argv(
    ...[namesOfTree.text(), source.path, partialDirectory, workFile(trees, 'names')],
    ...[target.become === 'sudo' ? `sudo -n ${far}` : far, ...shellArgv, target.address],
  )
  const { stdout } = await io.change(source.ssh, argv)
  const [here = '', there = '', entries = ''] = stdout.split('\n')
  return { onlyAtSource: decodeNames(here), onlyAtTarget: decodeNames(there), entries: Number(entries) }
}

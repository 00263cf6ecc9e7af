import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { changedSince, directoriesChangedSince, hostClock } from './commands.ts'
import { decodeNames, encodeNames, listing, type NameList } from './names.ts'
import type { End, TreePair } from './tree-pair.ts'

/** One instant as each host's own clock tells it, in seconds since 1970. */
export type Instants = { source: number; target: number }

/**
 * Taken before the reading that it stands for, and a little early: a file's change time comes from a coarser clock than
 * `date`, on old file systems one of whole seconds. Comparing a file twice is cheap, missing one is not.
 */
export async function instants(io: ReadIo, trees: TreePair): Promise<Instants> {
  const at = async (end: End): Promise<number> => Number((await io.read(end.ssh, hostClock())).stdout) - 0.1
  const [source, target] = await Promise.all([at(trees.source), at(trees.target)])
  return { source, target }
}

/** After so long, nothing written before counts as changed since `instants`. */
export const instantsReachBackSeconds = 1.2

/**
 * What may differ though it was equal at that instant: whatever changed at either end since. A change made behind our
 * back at the target is in it as well. Here a change journal (fanotify, ZFS diff) would take the place of the
 * two walks through the tree.
 */
export async function changesSince(io: ReadIo, trees: TreePair, since: Instants): Promise<NameList> {
  const lists = await Promise.all([
    changedAt(io, trees.source, since.source),
    changedAt(io, trees.target, since.target),
  ])
  return encodeNames(lists.flat())
}

export const changedAt = (io: ReadIo, end: End, since: number): Promise<string[]> =>
  listed(io, end, changedSince(end.path, since))

export const directoriesChangedAt = (io: ReadIo, end: End, since: number): Promise<string[]> =>
  listed(io, end, directoriesChangedSince(end.path, since))

async function listed(io: ReadIo, end: End, argv: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await io.read(end.ssh, listing(argv))
  if (stderr.trim() === '') return decodeNames(stdout)
  // an entry that cannot be listed cannot be compared: unknown is never equal
  throw new Failure(
    {
      key: 'files.changes.unlisted',
      values: { host: end.ssh, path: end.path, detail: stderr.trim().slice(-300) },
    },
    { remedy: { key: 'files.changes.unlisted.remedy', values: { host: end.ssh, path: end.path } } },
  )
}

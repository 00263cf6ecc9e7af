import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { quoteArgv } from '../../../transport/quote.ts'
import { endLeftovers } from '../../kit/rsync-leftovers.ts'
import { script } from '../../kit/script.ts'
import { changedAt, directoriesChangedAt, type Instants } from '../changes.ts'
import { partialDirectory, shellArgv } from '../commands.ts'
import { workFor } from '../expected.ts'
import { files } from '../facts.ts'
import { keepFence } from '../fence.ts'
import { mostDeletions, requireSender, tooManyDeletions } from '../guard.ts'
import { decodeNames, encodeNames, feeding, type NameList, parentsOf } from '../names.ts'
import { planned } from '../planned.ts'
import { compare, sync } from '../sync.ts'
import { type End, type TreePair, treePairOf, workFile } from '../tree-pair.ts'
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

  plan: about => {
    const { finalDeltaSeconds, finalSendSeconds } = workFor(about)
    return planned(finalDeltaSeconds, {
      title: { key: 'files.final-delta.title', values: { component: about.component.title } },
      stage: 'drain',
      transfer: 'resumes',
      duration: { linkSeconds: finalSendSeconds },
      undo: { possible: false, why: { key: 'files.final-delta.noUndo' } },
    })
  },

  /** Run again it sends what is left, and gives the result that later steps read. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const { source, target } = trees
    const list = workFile(trees, 'final-delta.list')
    const mountPoint = await keepFence(io.at('source'), trees, acting.facts.sourceMountPoint)
    await Promise.all([
      requireSender(io, source, mountPoint),
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

const deletion = script(import.meta.dirname, '../scripts/delete-listed.sh')
const note = script(import.meta.dirname, '../scripts/note-deletions.sh')

/**
 * Deletes entries of the target's tree by name; nothing outside it, and no directory in which something is left. rsync is not
 * asked for it: versions of it refuse a list with names that the sender no longer has (`--delete-missing-args`).
 * What is gone already is no error. Returns how many were deleted. Throws Failure when one could not be.
 */
export async function deleteListed(
  io: ChangeIo,
  { target }: Pick<TreePair, 'target'>,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0
  // bytes downwards: the entries of a directory come before it
  const { encoded } = encodeNames([...names].sort().reverse())
  const argv = feeding(['xargs', '-0', '-r', ...deletion.argv(target.path, partialDirectory)])
  const { exitCode, stdout, stderr } = await io.change(target.ssh, argv, {
    input: encoded,
    allowFailure: true,
  })
  if (exitCode !== 0) throw notDeleted(target, stderr)
  return stdout.split('\n').reduce((sum, count) => sum + Number(count), 0)
}

const notDeleted = ({ ssh, path }: End, stderr: string): Failure =>
  new Failure(
    { key: 'files.delete.failed', values: { host: ssh, path, detail: stderr.trim().slice(-600) } },
    { remedy: { key: 'files.delete.failed.remedy', values: { host: ssh, path } } },
  )

/** Adds deletions to the list at the source in which rsync writes what it sends. */
export async function noteDeletions(
  io: ChangeIo,
  { source }: Pick<TreePair, 'source'>,
  list: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await io.change(source.ssh, feeding(note.argv(list)), {
    input: encodeNames(names).encoded,
  })
}

/** `names` are sent; `deletions` are what the source no longer has and the target still does. */
type ChangesSinceBaseline = { names: NameList; deletions: string[]; entries: number }

/**
 * All that differs since both trees were proven equal (`since`; undefined: they were not): what changed at either end, what only one of them has, and the directories
 * whose own fields moved with that. So the last delta sends a list instead of comparing every entry: its time does not
 * grow with the tree. Undefined, and the whole tree is compared, when nothing was proven ahead, when patterns are omitted
 * (rsync's alone to read), or when the target alone has a file that changed there after the proof: it was never proven to be
 * a copy of one that the source had.
 */
async function changesSinceBaseline(
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
  const gone = new Set(onlyAtTarget)
  return {
    names: encodeNames([...names, ...parentsOf([...names, ...onlyAtTarget])].filter(name => !gone.has(name))),
    deletions: onlyAtTarget,
    entries,
  }
}

const namesOfTree = script(import.meta.dirname, '../scripts/names-of-tree.sh')
const compareNames = script(import.meta.dirname, '../scripts/compare-names.sh')

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

/** Rehearsal: how long the walk of the final delta takes and what it would send. Changes nothing. */
export const measureDelta = files.action({
  name: 'measure-delta',
  touches: [],
  result: z.object({ entries: z.number(), files: z.number(), bytes: z.number(), deleted: z.number() }),

  plan: about =>
    planned(workFor(about).walkSeconds, {
      title: { key: 'files.measure-delta.title', values: { component: about.component.title } },
      stage: 'drain',
      undo: { possible: false, why: { key: 'files.measure-delta.noUndo' } },
    }),

  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    await requireSender(io, trees.source, acting.facts.sourceMountPoint)
    const { entries, sentFiles, sentBytes, deleted } = await compare(io, trees, { delete: {} })
    return { entries, files: sentFiles, bytes: sentBytes, deleted }
  },
})

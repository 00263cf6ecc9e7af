import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { Loss } from '../../../model/given-up.ts'
import { instantAt } from '../../../model/instant.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { quoteArgv } from '../../../transport/quote.ts'
import type { Measuring } from '../../kit/kind-parts.ts'
import { changedAt, instants } from '../changes.ts'
import { rsync } from '../commands.ts'
import { workFor } from '../expected.ts'
import { type FilesFacts, files } from '../facts.ts'
import { throughFence } from '../fence.ts'
import { mostDeletions, requireSender } from '../guard.ts'
import { encodeNames } from '../names.ts'
import { deadlineFor, planned } from '../planned.ts'
import type { SyncReport } from '../rsync-output.ts'
import type { FilesSpec } from '../spec.ts'
import { compare, sync } from '../sync.ts'
import { type TreePair, treePairOf, workFile } from '../tree-pair.ts'

const handle = {
  name: 'reverse-channel',
  touches: ['source', 'target'],
  result: z.object({ handedOverAtSource: z.number(), handedOverAtTarget: z.number() }),
} as const

/**
 * From here on files are written at the target. Applying proves that they could come back: a marker written at the
 * target arrives at the source. Undoing brings them back.
 */
export const reverseChannel = files.action({
  ...handle,
  makesReturnPath: true,

  plan(about) {
    const trees = treePairOf(about)
    const { finalDeltaSeconds } = workFor(about)
    const values = { command: rsyncByHand(trees), path: trees.source.path }
    return planned(3, {
      title: { key: 'files.reverse-channel.title', values: { component: about.component.title } },
      stage: 'handover',
      undo: {
        possible: true,
        expectedSeconds: finalDeltaSeconds,
        deadlineSeconds: deadlineFor(finalDeltaSeconds),
        byHand: { key: 'files.reverse-channel.byHand', values },
      },
    })
  },

  /** Proving it again costs less than finding out whether it was proven. */
  isDone: async () => false,

  async apply(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    const words = `${acting.step.id} ${acting.fencingNumber} ${io.now()}\n`
    const { source, target } = trees
    const writing = both.writeFile(target.ssh, `${target.path}/${marker}`, words, { mode: '0600' })
    try {
      const [handedOverAt] = await Promise.all([instants(io, trees), writing])
      await sync(both, trees, { direction: 'back', only: marker })
      const arrived = await io.read(source.ssh, ['cat', `${source.path}/${marker}`])
      if (arrived.stdout !== words) throw notProven(trees)
      return { handedOverAtSource: handedOverAt.source, handedOverAtTarget: handedOverAt.target }
    } finally {
      if (!io.signal.aborted) await removeMarkers(trees, both)
    }
  },

  async undo(acting, io) {
    const trees = treePairOf(acting)
    const both = io.at('source', 'target')
    await removeMarkers(trees, both)
    await handBack(both, trees, {
      knownFiles: acting.facts.files ?? 0,
      since: acting.resultOf(handle)?.handedOverAtTarget,
      fencingNumber: acting.fencingNumber,
    })
  },

  undoWithout: {
    async target(acting, io) {
      const trees = treePairOf(acting)
      await removeMarkerAtSource(trees, io.at('source'))
      const loss = filesLost(acting)
      return loss === undefined ? [] : loss.text
    },
  },
})

/** Files come home in a rollback alone: the source has those of the handover, and nothing that was written later. */
export function filesLost(
  measuring: Measuring<FilesSpec, FilesFacts>,
): Pick<Loss, 'text' | 'figures'> | undefined {
  if (!measuring.wasBegun(handle)) return undefined
  const { source } = treePairOf(measuring)
  const handedOver = measuring.resultOf(handle)
  if (handedOver === undefined) {
    const values = { host: source.ssh, path: source.path }
    return { text: [{ key: 'files.losesSinceUnknown', values }], figures: { lastCopyAt: null } }
  }
  const at = instantAt(handedOver.handedOverAtSource * 1000)
  return {
    text: [{ key: 'files.loses', values: { host: source.ssh, path: source.path, at } }],
    figures: { lastCopyAt: at },
  }
}

const marker = '.bascule-marker'

const removeMarker = (path: string): string[] => ['rm', '-f', `${path}/${marker}`]

async function removeMarkerAtSource(trees: TreePair, io: ChangeIo): Promise<void> {
  await io.change(trees.source.ssh, throughFence(trees, removeMarker(trees.source.path)))
}

async function removeMarkers(trees: TreePair, io: ChangeIo): Promise<void> {
  const { target } = trees
  await Promise.all([removeMarkerAtSource(trees, io), io.change(target.ssh, removeMarker(target.path))])
}

const notProven = ({ source, target }: TreePair): Failure =>
  new Failure(
    { key: 'files.reverse.notProven', values: { source: source.ssh, target: target.ssh } },
    {
      remedy: {
        key: 'files.reverse.notProven.remedy',
        values: { source: source.ssh, address: target.address },
      },
    },
  )

/**
 * What a person types at their own machine to bring the target's files back, should the program not be able to. A fenced tree can be
 * written by this command alone; one that is not fenced has no mount to change, or one that is writable already.
 */
export function rsyncByHand(trees: TreePair): string {
  const argv = rsync(trees, { direction: 'back', delete: {}, backupDirectory: workFile(trees, 'kept') })
  const writable = 'mount -o remount,bind,rw "$1" 2>/dev/null; shift; exec "$@"'
  const through = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', writable, 'sh']
  const typed = trees.spec.fence === 'none' ? argv : [...through, trees.source.path, ...argv]
  return quoteArgv(['ssh', trees.source.ssh, quoteArgv(typed)])
}

/**
 * Brings what was written at the target back to the source, and checks it by content hash. Nothing is lost on the way:
 * whatever it overwrites or deletes at the source is kept aside there, and what it brought is listed beside.
 *
 * It chooses by size and time, as a write leaves them. Other content under the same size and time is damage and no user's
 * write: it stays where it is, and the source keeps its sound file.
 *
 * `fencingNumber` keeps apart what several rollbacks put aside. `since`: when the target was handed over, by its own clock: what
 * changed there is compared by content. Without it nothing is: the handover itself was cut short and nothing was written there on
 * purpose, or users go on writing there.
 */
export async function handBack(
  io: ChangeIo,
  trees: TreePair,
  {
    knownFiles,
    since,
    fencingNumber,
  }: { knownFiles: number; since: number | undefined; fencingNumber: number },
): Promise<SyncReport> {
  const { source, target } = trees
  await requireSender(io, target)
  const kept = workFile(trees, `kept-${fencingNumber}`)
  const list = workFile(trees, 'hand-back.list')
  await io.change(source.ssh, ['mkdir', '-p', '-m', '0700', trees.workDirectory, kept])
  const report = await sync(io, trees, {
    direction: 'back',
    delete: { most: mostDeletions(trees, knownFiles) },
    backupDirectory: kept,
    logFile: list,
  })
  const brought = report.sentFiles + report.deleted
  io.report({
    bytesDone: report.sentBytes,
    note: {
      key: 'files.reverse.brought',
      values: { files: report.sentFiles, deletions: report.deleted, list },
    },
  })
  if (since !== undefined && brought > 0) await requireEqual(io, trees, since)
  return report
}

async function requireEqual(io: ChangeIo, trees: TreePair, since: number): Promise<void> {
  const names = encodeNames(await changedAt(io, trees.target, since))
  if (names.count === 0) return
  const { differences, examples } = await compare(io, trees, {
    direction: 'back',
    checksum: true,
    itemize: true,
    names,
  })
  const different = differences.created + differences.content + differences.attributes + differences.deleted
  if (different === 0) return
  throw new Failure(
    {
      key: 'files.handBack.different',
      values: { source: trees.source.ssh, count: different, examples: examples.join(', ') },
    },
    { remedy: { key: 'files.handBack.different.remedy' } },
  )
}

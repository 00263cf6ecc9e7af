import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { changedAt } from './changes.ts'
import { mostDeletions, requireSender } from './guard.ts'
import { encodeNames } from './names.ts'
import type { SyncReport } from './rsync-output.ts'
import { compare, sync } from './sync.ts'
import { type TreePair, workFile } from './tree-pair.ts'

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

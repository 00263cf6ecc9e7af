import type { ChangeIo } from '../../../../model/io.ts'
import type { Ends } from '../../machine/ends.ts'
import { removeFile } from '../../machine/host-commands.ts'
import { requireSameHash, sendFile } from '../../transfer/run.ts'
import { applyBlocks } from './apply-blocks.ts'
import type { Chain } from './chain.ts'
import type { Delta } from './make-delta.ts'
import { deltaFile } from './names.ts'
import { writeNote } from './notes.ts'
import { targetStamp } from './seeded-disks.ts'

/**
 * Brings a delta that lies at the source into the target's images. The order is what makes a crash at any point harmless: the
 * blocks are in all images, then the target notes it, then the files go. The records go when the next delta is made.
 */
export async function sendDelta(
  io: ChangeIo,
  ends: Ends,
  { source: note, target: held }: Chain,
  { to, hashes }: Delta,
): Promise<{ imageBytes: number; sentBytes: number }> {
  const { source, target } = ends
  const total = { imageBytes: 0, sentBytes: 0 }
  for (const { slot } of note.disks) {
    const [file, there] = [deltaFile(source, slot), deltaFile(target, slot)]
    const report = await sendFile(io, ends, { from: file, to: there })
    total.imageBytes += report.imageBytes
    total.sentBytes += report.sentBytes
    const known = Promise.resolve(hashes[slot] ?? '')
    await requireSameHash(io, { side: source, path: file, hash: known }, { side: target, path: there })
  }
  const { stamp: _old, ...beingWritten } = held
  await writeNote(io, target, beingWritten)
  // None before all are there: the disks of a machine belong together.
  for (const { slot, targetPath } of held.disks) {
    await applyBlocks(io, target, deltaFile(target, slot), targetPath)
  }
  const stamp = await targetStamp(io, target, held.disks)
  await writeNote(io, target, { ...held, applied: to, appliedAt: io.now(), stamp })
  for (const { slot } of note.disks) await io.change(target.host.ssh, removeFile(deltaFile(target, slot)))
  const { delta: _, ...forgotten } = note
  await writeNote(io, source, forgotten)
  for (const { slot } of note.disks) await io.change(source.host.ssh, removeFile(deltaFile(source, slot)))
  return total
}

import { posix } from 'node:path'
import { secondsBetween } from '../../../../model/instant.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { onlyForOwner, privateFolder, removeFile, sizeOf } from '../../machine/host-commands.ts'
import type { Ends } from '../../sides.ts'
import { requireSameHash, sendFile } from '../../transfer/run.ts'
import { toDisk } from './commands.ts'
import { defineAtTarget } from './define.ts'
import { seedFile } from './names.ts'
import { type SourceNote, type TargetNote, writeNote } from './notes.ts'
import { targetStamp } from './seeded-disks.ts'

/**
 * Sends the copy to the very place from which the machine will start, so that nothing is copied again in the night; checks
 * it there; makes the machine around it, off.
 */
export async function sendSeed(io: ChangeIo, ends: Ends, note: SourceNote): Promise<SourceNote> {
  const { source, target, spec } = ends
  const from = io.now()
  const total = { imageBytes: 0, sentBytes: 0 }
  await io.change(target.host.ssh, privateFolder(target.staging))
  await io.change(target.host.ssh, removeFile(`${target.staging}/restored.json`))
  for (const { slot, targetPath } of note.disks) {
    const file = seedFile(source, slot)
    const { stdout } = await io.read(source.host.ssh, sizeOf(file))
    await io.change(target.host.ssh, ['mkdir', '-p', '--', posix.dirname(targetPath)])
    const report = await sendFile(
      io,
      { source, target, limitMbps: spec.bandwidthLimitMbps },
      { from: file, to: targetPath, sizeBytes: Number(stdout) },
    )
    total.imageBytes += report.imageBytes
    total.sentBytes += report.sentBytes
    await requireSameHash(io, { side: source, path: file }, { side: target, path: targetPath })
    await io.change(target.host.ssh, onlyForOwner(targetPath))
    await io.change(target.host.ssh, toDisk(targetPath))
  }
  await defineAtTarget(io, ends, note.disks)
  const seconds = secondsBetween(from, io.now())
  const stamp = await targetStamp(io, target, note.disks)
  await writeNote(io, target, { ...arrived(note, total.imageBytes, io.now()), stamp })
  const sent: SourceNote = { ...note, state: 'sent', transfer: { ...total, seconds } }
  await writeNote(io, source, sent)
  for (const { slot } of note.disks) await io.change(source.host.ssh, removeFile(seedFile(source, slot)))
  return sent
}

const arrived = ({ seed, disks }: SourceNote, imageBytes: number, now: string): TargetNote => ({
  seed,
  applied: 0,
  at: now,
  appliedAt: now,
  imageBytes,
  disks,
})

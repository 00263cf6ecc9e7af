import type { ChangeIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import type { Ends } from '../../machine/ends.ts'
import { removeFile, removeFolder } from '../../machine/host-commands.ts'
import { askQmp } from '../../machine/qmp.ts'
import { oursOn, removeBitmaps } from './bitmaps.ts'
import { nodesOf, withBlockLayer } from './block-layer.ts'
import { requireNeverStarted } from './chain.ts'
import { clearCopies } from './copy-job.ts'
import { configAtTarget, requireOurs } from './define.ts'
import { readSourceNote, readTargetNote } from './notes.ts'
import { sourceDisks } from './seeded-disks.ts'

/** The machine at the target that we made, its images and everything we keep there. Throws Failure when it is not ours, or runs. */
export async function eraseTarget(io: ChangeIo, ends: Ends): Promise<void> {
  const { target } = ends
  const [note, sent] = await Promise.all([readTargetNote(io, target), readSourceNote(io, ends.source)])
  requireNeverStarted(ends, note)
  const config = await configAtTarget(io, ends)
  if (config !== undefined && (note ?? sent) !== undefined) {
    requireOurs(ends, config)
    // One that runs is refused by PVE itself.
    await changePve(target, io).destroy()
  }
  for (const { targetPath } of note?.disks ?? sent?.disks ?? []) {
    await io.change(target.host.ssh, removeFile(targetPath))
  }
  await io.change(target.host.ssh, removeFolder(target.staging))
}

/** QEMU stops recording, its copies end, the staging folder goes. */
export async function forgetAtSource(io: ChangeIo, ends: Ends): Promise<void> {
  const { source } = ends
  const note = await readSourceNote(io, source)
  if (note === undefined) return
  const disks = sourceDisks(note.disks)
  await withBlockLayer(io, source, disks, async socket => {
    await clearCopies(io, socket)
    const nodes = await nodesOf(io, source, socket, disks)
    const commands = nodes.flatMap(node => removeBitmaps(node, oursOn(node)))
    if (commands.length > 0) await askQmp(io.change, socket, commands)
  })
  await io.change(source.host.ssh, removeFolder(source.staging))
}

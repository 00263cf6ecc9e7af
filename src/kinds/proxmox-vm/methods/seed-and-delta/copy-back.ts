import type { ChangeIo } from '../../../../model/io.ts'
import { copyDiskBack } from '../../failback/copy-disk-back.ts'
import type { Ends } from '../../machine/ends.ts'
import { onlyForOwner, privateFolder, removeFile } from '../../machine/host-commands.ts'
import { fetchDisk, requireSameHash } from '../../transfer/run.ts'
import { applyBlocks } from './apply-blocks.ts'
import { lookAtNodes, nodesOf, withBlockLayer } from './block-layer.ts'
import { clearCopies, runCopies } from './copy-job.ts'
import { freshCopies } from './fresh-copies.ts'
import { copyChanged } from './jobs.ts'
import { backFile } from './names.ts'
import type { TargetNote } from './notes.ts'
import { targetDisks } from './seeded-disks.ts'

/**
 * What the target has recorded goes into the source's images; all of an image where the record cannot be relied on, because
 * the target's QEMU was killed. May be done again after any end: both machines are off, and the record goes on standing.
 */
export async function copyBackToSource(io: ChangeIo, ends: Ends, note: TargetNote): Promise<void> {
  const nodes = await lookAtNodes(io, ends.target, targetDisks(note.disks))
  const records = nodes.map(({ bitmaps }) => bitmaps.find(({ name }) => name === note.back))
  if (!records.every(record => record?.usable)) return bringAllHome(io, ends, note)
  const written = records.reduce((sum, record) => sum + (record?.dirtyBytes ?? 0), 0)
  io.report({ note: `${written} B`, bytesDone: 0, bytesTotal: written })
  if (written > 0) await bringChangedHome(io, ends, note)
}

async function bringChangedHome(io: ChangeIo, ends: Ends, note: TargetNote): Promise<void> {
  const { source, target } = ends
  const disks = targetDisks(note.disks)
  await withBlockLayer(io, target, disks, async socket => {
    await clearCopies(io, socket)
    const nodes = await nodesOf(io, target, socket, disks)
    const copies = await freshCopies(io, target, note.disks, nodes, slot => backFile(target, slot))
    await runCopies(io, target, socket, copies, copyChanged(copies, note.back ?? '', undefined), {
      freeze: false,
    })
  })
  await io.change(source.host.ssh, privateFolder(source.staging))
  // All files first: the disks of a machine belong together.
  for (const { slot } of note.disks) {
    const [here, there] = [backFile(source, slot), backFile(target, slot)]
    await fetchDisk(io, ends, { from: there, onto: here, temporary: source.staging })
    await requireSameHash(io, { side: target, path: there }, { side: source, path: here })
    await io.change(source.host.ssh, onlyForOwner(here))
  }
  for (const { slot, sourcePath } of note.disks) {
    await applyBlocks(io, source, backFile(source, slot), sourcePath)
  }
  for (const { slot } of note.disks) {
    await io.change(source.host.ssh, removeFile(backFile(source, slot)))
    await io.change(target.host.ssh, removeFile(backFile(target, slot)))
  }
}

/** The images as they are, by what differs. The source's own records go with its old images: a full copy is next. */
async function bringAllHome(io: ChangeIo, ends: Ends, { disks }: TargetNote): Promise<void> {
  for (const { slot, sourcePath, targetPath } of disks) {
    const [source, target] = [sourcePath, targetPath].map(path => ({ path, format: 'qcow2' as const }))
    if (source && target) await copyDiskBack(io, ends, { slot, source, target }, { keepOld: false })
  }
}

import { z } from 'zod'
import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import { proxmoxVm } from '../../facts.ts'
import { copyBackByHand } from '../../failback/by-hand.ts'
import { copyDiskBack } from '../../failback/copy-disk-back.ts'
import { writesLost } from '../../failback/way-back.ts'
import { requireOff } from '../../machine/existing.ts'
import { onlyForOwner, privateFolder, removeFile } from '../../machine/host-commands.ts'
import { type Ends, endsOf } from '../../sides.ts'
import { fetchDisk, requireSameHash } from '../../transfer/run.ts'
import { applyBlocks } from './apply-blocks.ts'
import { lookAtNodes, nodesOf, withBlockLayer } from './block-layer.ts'
import { addBitmap, removeBitmap } from './commands.ts'
import { clearCopies, freshCopies, runCopies } from './copy-job.ts'
import { copyChanged } from './jobs.ts'
import { backBitmapName, backFile } from './names.ts'
import { readTargetNote, type TargetNote, writeNote } from './notes.ts'
import { plannedWayBack } from './plan.ts'
import { infoOf, targetDisks, targetStamp } from './seeded-disks.ts'

/**
 * From here on the guest writes at the target, and its own images record what. Undoing brings that home, both machines
 * off, so that nothing written there is lost.
 */
export const wayBack = proxmoxVm.action({
  name: 'seed-and-delta.way-back',
  step: 'way-back',
  makesReturnPath: true,
  touches: ['source', 'target'],
  result: z.object({ bitmap: z.string() }),
  plan: about => plannedWayBack(about, copyBackByHand(endsOf(about))),

  async isDone(acting, io) {
    const ends = endsOf(acting)
    const note = await readTargetNote(io, ends.target)
    return note?.back !== undefined && (await recording(io, ends, note)) ? { bitmap: note.back } : false
  },

  async apply(acting, io) {
    const ends = endsOf(acting)
    const atTarget = io.at('target')
    await requireOff(io, ends.target)
    const note = await requireNote(io, ends)
    const back = backBitmapName(note.seed)
    // The note first: from here on no delta may come, whatever becomes of the rest.
    await writeNote(atTarget, ends.target, { ...note, back })
    await dropRecords(atTarget, ends, note, back)
    for (const { targetPath } of note.disks)
      await atTarget.change(ends.target.host.ssh, addBitmap(targetPath, back))
    return { bitmap: back }
  },

  async undo(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('source', 'target')
    const note = await readTargetNote(io, ends.target)
    // Nothing stands, or everything is home already: the source may be running again by now.
    if (note?.back === undefined) return
    await requireOff(io, ends.target)
    await requireOff(io, ends.source)
    await copyBackToSource(both, ends, note)
    const { back, stamp: _old, ...home } = note
    // First: without its record an image would be taken for one that has to come home whole.
    await writeNote(both, ends.target, home)
    await dropRecords(both, ends, note, back)
    const stamp = await targetStamp(io, ends.target, note.disks)
    await writeNote(both, ends.target, { ...home, stamp })
  },

  undoWithout: { target: async acting => [writesLost(acting)] },
})

async function requireNote(io: ReadIo, { target }: Ends): Promise<TargetNote> {
  const note = await readTargetNote(io, target)
  if (note !== undefined) return note
  throw new Failure(
    { key: 'proxmox-vm.delta.broken.none', values: { component: target.component, target: target.host.ssh } },
    { remedy: { key: 'proxmox-vm.delta.broken.remedy' } },
  )
}

async function recording(io: ReadIo, { target }: Ends, { disks, back }: TargetNote): Promise<boolean> {
  const infos = await Promise.all(disks.map(({ targetPath }) => infoOf(io, target, targetPath)))
  return infos.every(({ bitmaps }) => bitmaps.some(({ name }) => name === back))
}

async function dropRecords(
  io: ChangeIo,
  { target }: Ends,
  { disks }: TargetNote,
  bitmap: string,
): Promise<void> {
  for (const { targetPath } of disks) {
    const { bitmaps } = await infoOf(io, target, targetPath)
    if (bitmaps.some(({ name }) => name === bitmap))
      await io.change(target.host.ssh, removeBitmap(targetPath, bitmap))
  }
}

/**
 * What the target has recorded goes into the source's images; all of an image where the record cannot be relied on, because
 * the target's QEMU was killed. May be done again after any end: both machines are off, and the record goes on standing.
 */
async function copyBackToSource(io: ChangeIo, ends: Ends, note: TargetNote): Promise<void> {
  const nodes = await lookAtNodes(io, ends.target, targetDisks(note.disks))
  const records = nodes.map(({ bitmaps }) => bitmaps.find(({ name }) => name === note.back))
  if (!records.every(record => record?.usable)) return bringAllHome(io, ends, note)
  const written = records.reduce((sum, record) => sum + (record?.dirtyBytes ?? 0), 0)
  io.report({ bytesDone: 0, bytesTotal: written })
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

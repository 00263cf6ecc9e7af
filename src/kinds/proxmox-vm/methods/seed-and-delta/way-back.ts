import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { JsonObject } from '../../../../model/json.ts'
import type { Action, StepContext } from '../../../../model/kind.ts'
import { type Ends, endsOf } from '../../machine/ends.ts'
import { requireOff } from '../../machine/existing.ts'
import { addBitmap, removeBitmap } from './commands.ts'
import { copyBackToSource } from './copy-back.ts'
import { backBitmapName } from './names.ts'
import { readTargetNote, type TargetNote, writeNote } from './notes.ts'
import { infoOf, targetStamp } from './seeded-disks.ts'

/**
 * From here on the guest writes at the target, and its own images record what. Undoing brings that home, both machines
 * off, so that nothing written there is lost.
 */
export const wayBack: Action = {
  async isDone(context, io) {
    const ends = endsOf(context)
    const note = await readTargetNote(io, ends.target)
    return note?.back !== undefined && (await recording(io, ends, note)) ? { bitmap: note.back } : false
  },

  async apply(context: StepContext, io: ChangeIo): Promise<JsonObject> {
    const ends = endsOf(context)
    await requireOff(io, ends.target)
    const note = await requireNote(io, ends)
    const back = backBitmapName(note.seed)
    // The note first: from here on no delta may come, whatever becomes of the rest.
    await writeNote(io, ends.target, { ...note, back })
    await dropRecords(io, ends, note, back)
    for (const { targetPath } of note.disks)
      await io.change(ends.target.host.ssh, addBitmap(targetPath, back))
    return { bitmap: back }
  },

  async undo(context: StepContext, io: ChangeIo): Promise<void> {
    const ends = endsOf(context)
    const note = await readTargetNote(io, ends.target)
    // Nothing stands, or everything is home already: the source may be running again by now.
    if (note?.back === undefined) return
    await requireOff(io, ends.target)
    await requireOff(io, ends.source)
    await copyBackToSource(io, ends, note)
    const { back, stamp: _old, ...home } = note
    // First: without its record an image would be taken for one that has to come home whole.
    await writeNote(io, ends.target, home)
    await dropRecords(io, ends, note, back)
    const stamp = await targetStamp(io, ends.target, note.disks)
    await writeNote(io, ends.target, { ...home, stamp })
  },
}

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

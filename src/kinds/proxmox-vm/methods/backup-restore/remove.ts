import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { Volume } from '../../client/answers.ts'
import { changePve } from '../../client/change.ts'
import { readPve } from '../../client/read.ts'
import { endOwnTasks } from '../../machine/existing.ts'
import type { Ends, MachineSide } from '../../sides.ts'
import { clearArriving } from './arriving.ts'
import { type Archive, forgetArchive, readArchive, writeArchive } from './note.ts'
import { backupStorages, storageOf } from './storage.ts'

/** Stands in the archive's notes: what is ours may be removed by us, and no other. */
export const markOf = ({ component }: Pick<MachineSide, 'component'>): string => `Bascule ${component}`

/** Archives of this component in a storage, ours by their notes. */
export async function ours(io: ReadIo, side: MachineSide, storage: string): Promise<Volume[]> {
  const all = await readPve(side, io).content(storage, { content: 'backup', vmid: side.vmid })
  return all.filter(({ notes }) => notes === markOf(side))
}

/**
 * Each where it was put: the storage with the most room is another one from one day to the next. One whose storage is away stays
 * noted, until it is there again.
 */
export async function removeSuperseded(io: ChangeIo, target: MachineSide, archive: Archive): Promise<void> {
  const { superseded = [], ...alone } = archive
  if (superseded.length === 0) return
  const storages = new Set((await backupStorages(io, target)).map(({ storage }) => storage))
  const isThere = (volid: string): boolean => storages.has(storageOf(volid))
  const [there, away] = [superseded.filter(isThere), superseded.filter(volid => !isThere(volid))]
  for (const storage of new Set(there.map(storageOf))) {
    const found = await readPve(target, io).content(storage, { content: 'backup', vmid: target.spec.vmid })
    for (const { volid } of found) {
      if (there.includes(volid) && volid !== archive.volid) await changePve(target, io).deleteVolume(volid)
    }
  }
  await writeArchive(io, target, away.length === 0 ? alone : { ...alone, superseded: away })
}

/** The machine itself is at the source: an archive of it there would only be one more copy of personal data. */
export async function removeAtSource(io: ChangeIo, source: MachineSide): Promise<void> {
  for (const { storage } of await backupStorages(io, source)) {
    for (const { volid } of await ours(io, source, storage)) await changePve(source, io).deleteVolume(volid)
  }
  await forgetArchive(io, source)
}

export async function removeAtTarget(io: ChangeIo, target: MachineSide): Promise<void> {
  await clearArriving(io, target)
  const archive = await readArchive(io, target)
  if (archive !== undefined) {
    await removeSuperseded(io, target, archive)
    await changePve(target, io).deleteVolume(archive.volid)
  }
  await forgetArchive(io, target)
}

/** Whatever of an archive there is, also one that is still being made: PVE goes on when Bascule is killed. */
export async function removeEverywhere(atSource: ChangeIo, atTarget: ChangeIo, ends: Ends): Promise<void> {
  await endOwnTasks(atSource, ends.source, 'vzdump')
  await removeAtTarget(atTarget, ends.target)
  await removeAtSource(atSource, ends.source)
}

import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { endsOf, type Of } from '../../sides.ts'
import type { CopyOptions } from '../../transfer-method.ts'
import { brokenText } from '../seed-and-delta/broken.ts'
import { defineCopy } from '../seed-and-delta/copy-machine.ts'
import { clone, dropDisk, snapshotName } from './commands.ts'
import { datasetOf, propertiesOf, volumeAt } from './datasets.ts'
import { readZfsNote } from './note.ts'

/** A machine on clones of the snapshot that was received: made in an instant, and as large as what is written in it. */
export async function makeCopy(of: Of, copy: CopyOptions, io: ChangeIo): Promise<void> {
  const { target } = endsOf(of)
  const note = await readZfsNote(io, target)
  if (note === undefined || note.state !== 'received' || note.back) {
    const why = brokenText(note?.back ? 'started' : 'none', endsOf(of))
    throw new Failure(why, { remedy: { key: 'proxmox-vm.delta.broken.remedy' } })
  }
  const volumes: Record<string, string> = {}
  for (const [index, { slot, targetDataset }] of note.disks.entries()) {
    const volume = volumeAt({ ...target, vmid: copy.vmid }, index)
    const dataset = await datasetOf(io, target, volume)
    const [origin] = (await propertiesOf(io, target, dataset, 'origin')) ?? []
    // Of an attempt that was killed before the machine was made: nobody else clones our snapshots.
    if (origin?.startsWith(`${targetDataset}@bascule-`))
      await io.change(target.host.ssh, dropDisk(dataset, copy.vmid))
    await io.change(target.host.ssh, clone(snapshotName(targetDataset, note.seed, note.applied), dataset))
    volumes[slot] = volume
  }
  await defineCopy(io, target, copy, volumes)
}

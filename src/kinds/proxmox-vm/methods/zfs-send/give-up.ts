import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { changePve } from '../../client/change.ts'
import type { Ends } from '../../machine/ends.ts'
import { removeFolder } from '../../machine/host-commands.ts'
import type { MachineSide } from '../../sides.ts'
import { requireNeverStarted } from '../seed-and-delta/chain.ts'
import { configAtTarget, requireOurs } from '../seed-and-delta/define.ts'
import { dropDisk, dropSnapshot, forgetPartial, isOurs } from './commands.ts'
import { propertiesOf, snapshotsOf } from './datasets.ts'
import { readZfsNote, type ZfsDisk } from './note.ts'
import { tokenOf } from './transfer.ts'

/** The machine at the target that we made, its disks and what we keep there. Throws Failure when it is not ours, or runs. */
export async function eraseTarget(io: ChangeIo, ends: Ends): Promise<void> {
  const { target } = ends
  const note = await readZfsNote(io, target)
  if (note === undefined) return
  requireNeverStarted(ends, note)
  const config = await configAtTarget(io, ends)
  if (config !== undefined) {
    requireOurs(ends, config)
    // One that runs is refused by PVE itself.
    await changePve(target, io).destroy()
  }
  for (const { targetDataset } of note.disks) await eraseDisk(io, target, targetDataset)
  await io.change(target.host.ssh, removeFolder(target.staging))
}

/** Only one that began to come, or that has a snapshot of ours, is ours. */
async function eraseDisk(io: ChangeIo, target: MachineSide, dataset: string): Promise<void> {
  if ((await tokenOf(io, target, dataset)) !== undefined)
    await io.change(target.host.ssh, forgetPartial(dataset))
  if ((await propertiesOf(io, target, dataset, 'type')) === undefined) return
  const snapshots = await snapshotsOf(io, target, dataset, '')
  if (!snapshots.some(({ name }) => isOurs(name))) {
    const values = { component: target.component, host: target.host.ssh, dataset }
    throw new Failure(
      { key: 'proxmox-vm.zfs.foreign', values },
      { remedy: { key: 'proxmox-vm.zfs.foreign.remedy', values } },
    )
  }
  await io.change(target.host.ssh, dropDisk(dataset, target.vmid))
}

/** Our snapshots of the source's disks, of whatever seed. */
export async function forgetAtSource(
  io: ChangeIo,
  source: MachineSide,
  disks: readonly ZfsDisk[],
): Promise<void> {
  for (const { sourceDataset } of disks) {
    for (const { name } of await snapshotsOf(io, source, sourceDataset, ''))
      if (isOurs(name)) await io.change(source.host.ssh, dropSnapshot(name))
  }
  await io.change(source.host.ssh, removeFolder(source.staging))
}

import { Failure } from '../../../../model/failure.ts'
import type { ChangeIo } from '../../../../model/io.ts'
import { imageBytes, type MachineFacts, proxmoxVm } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import { endsOf, type Of } from '../../sides.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { MachineSpec } from '../../spec.ts'
import type { CopyOptions, Possibility, StoredCopy, TransferMethod } from '../../transfer-method.ts'
import { compareContents, comparison } from '../../whole-disk/compare.ts'
import { brokenText } from '../seed-and-delta/broken.ts'
import { requireAllSent } from '../seed-and-delta/compare.ts'
import { defineCopy } from '../seed-and-delta/copy-machine.ts'
import { forecast } from '../seed-and-delta/forecast.ts'
import { plannedCompare } from '../seed-and-delta/plan.ts'
import { chainOf, requireChain, unsentBytes } from './chain.ts'
import { clone, dropDisk, settle, snapshotName, toPool } from './commands.ts'
import { datasetOf, propertiesOf, volumeAt } from './datasets.ts'
import { delta, finalDelta } from './delta.ts'
import { readZfsNote } from './note.ts'
import { seed } from './seed.ts'
import { wayBack } from './way-back.ts'

/** Asks ZFS whether anything was written that never went, then reads every disk whole at both ends. */
const compare = proxmoxVm.action({
  ...comparison,
  name: 'seed-and-delta-zfs.compare',
  plan: about => plannedCompare(about, finalDelta),
  isDone: async () => false,

  async apply(acting, io) {
    const ends = endsOf(acting)
    const both = io.at('replication', 'target')
    const chain = await requireChain(io, ends)
    for (const { sourceDataset } of chain.note.disks)
      await both.change(ends.source.host.ssh, toPool(sourceDataset))
    for (const { host } of [ends.source, ends.target]) await both.change(host.ssh, settle)
    requireAllSent(ends, await unsentBytes(io, ends, chain))
    return { ...(await compareContents(both, ends)), applied: chain.note.applied }
  },
})

/** Seed and delta where both storages are ZFS: a snapshot is the copy, what changed since the one before is the delta. */
export const zfsSend: TransferMethod = {
  name: 'seed-and-delta-zfs',
  keepsRunning: false,
  possible,
  forecast,
  steps: {
    preparation: [seed, delta],
    rehearsal: [finalDelta],
    live: [finalDelta, compare, wayBack],
  },

  async storedCopy(of, io): Promise<StoredCopy | undefined> {
    const note = await readZfsNote(io, endsOf(of).target)
    if (note?.state !== 'received') return undefined
    return { id: note.seed, at: note.at, imageBytes: note.imageBytes }
  },
  async unsentBytes(of, io) {
    const ends = endsOf(of)
    const state = await chainOf(io, ends)
    return state.whole ? unsentBytes(io, ends, state.chain) : undefined
  },
  makeCopy,
}

/** Every disk on ZFS at both ends, and `zfs` available to the SSH login. */
function possible(machine: MachineFacts, spec: MachineSpec): Possibility {
  const other = machine.disks.find(({ storageType }) => storageType !== 'zfspool')
  if (machine.disks.length === 0) return impossible('delta.noDisks')
  if (other !== undefined) return impossible('zfs.disk', { slot: other.slot, type: other.storageType || '?' })
  if (machine.targetStorageType !== 'zfspool')
    return impossible('zfs.storage', { type: machine.targetStorageType || '?' })
  if (machine.snapshots.length > 0)
    return impossible('delta.snapshots', { names: machine.snapshots.join(', ') })
  // Its replicas' snapshots would go with a rollback.
  if (machine.replicated) return impossible('zfs.replicated')
  if (!machine.zfs) return impossible('zfs.tool')
  if (!machine.sshBetween) return impossible('delta.ssh')
  if (spec.bandwidthLimitMbps !== undefined) return impossible('zfs.limit')
  const [wanted, free] = [imageBytes(machine), machine.targetFreeBytes]
  if (free < wanted)
    return impossible('whole.room', { wanted: neededGigabytes(wanted), free: freeGigabytes(free) })
  return { possible: true }
}

/** A machine on clones of the snapshot that was received: made in an instant, and as large as what is written in it. */
async function makeCopy(of: Of, copy: CopyOptions, io: ChangeIo): Promise<void> {
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

import { imageBytes, type MachineFacts } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { MachineSpec } from '../../spec.ts'
import type { Possibility } from '../../transfer-method.ts'

/** Every disk on ZFS at both ends, and `zfs` there for whoever logs in by ssh. */
export function possible(machine: MachineFacts, spec: MachineSpec): Possibility {
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

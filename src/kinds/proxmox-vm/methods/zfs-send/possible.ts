import { composed, type Text } from '../../../../model/text.ts'
import { imageBytes, type MachineFacts } from '../../machine/facts.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { MachineSpec } from '../../spec.ts'
import type { Possibility } from '../../transfer-method.ts'

/** Every disk on ZFS at both ends, and `zfs` there for whoever logs in by ssh. */
export function possible(machine: MachineFacts, spec: MachineSpec): Possibility {
  const other = machine.disks.find(({ storageType }) => storageType !== 'zfspool')
  if (machine.disks.length === 0) return no('delta', 'noDisks', {})
  if (other !== undefined) return no('zfs', 'disk', { slot: other.slot, type: other.storageType || '?' })
  if (machine.targetStorageType !== 'zfspool')
    return no('zfs', 'storage', { type: machine.targetStorageType || '?' })
  if (machine.snapshots.length > 0) return no('delta', 'snapshots', { names: machine.snapshots.join(', ') })
  // Its replicas' snapshots would go with a rollback.
  if (machine.replicated) return no('zfs', 'replicated', {})
  if (!machine.zfs) return no('zfs', 'tool', {})
  if (!machine.sshBetween) return no('delta', 'ssh', {})
  if (spec.bandwidthLimitMbps !== undefined) return no('zfs', 'limit', {})
  const [wanted, free] = [imageBytes(machine), machine.targetFreeBytes]
  if (free < wanted)
    return no('whole', 'room', { wanted: neededGigabytes(wanted), free: freeGigabytes(free) })
  return { possible: true }
}

function no(group: 'delta' | 'whole' | 'zfs', why: string, values: Text['values'] & object): Possibility {
  const key = `proxmox-vm.${group}.impossible.${why}`
  return {
    possible: false,
    why: { key: composed(key), values },
    remedy: { key: composed(`${key}.remedy`), values },
  }
}

import { imageBytes, type MachineFacts } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { Possibility } from '../../transfer-method.ts'

const filesTypes = new Set(['dir', 'nfs', 'cifs', 'btrfs', 'cephfs', 'glusterfs'])

/** Bitmaps that outlive QEMU are kept in qcow2 images alone, and only QEMU itself can write them. */
export function possible(machine: MachineFacts): Possibility {
  const other = machine.disks.find(({ format }) => format !== 'qcow2')
  if (machine.disks.length === 0) return impossible('delta.noDisks')
  if (other !== undefined) return impossible('delta.format', { slot: other.slot, format: other.format })
  if (!filesTypes.has(machine.targetStorageType))
    return impossible('delta.storage', { type: machine.targetStorageType || '?' })
  if (machine.snapshots.length > 0)
    return impossible('delta.snapshots', { names: machine.snapshots.join(', ') })
  if (machine.missingTools.length > 0)
    return impossible('delta.tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return impossible('delta.ssh')
  if (machine.running && !machine.qmp) return impossible('delta.qmp')
  const wanted = imageBytes(machine)
  const [source, target] = [machine.sourceStagingFreeBytes, machine.targetFreeBytes]
  if (source < wanted || target < wanted)
    return impossible('delta.room', {
      wanted: neededGigabytes(wanted),
      source: freeGigabytes(source),
      target: freeGigabytes(target),
    })
  return { possible: true }
}

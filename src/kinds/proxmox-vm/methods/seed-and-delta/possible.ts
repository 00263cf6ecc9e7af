import { composed, type Text } from '../../../../model/text.ts'
import { imageBytes, type MachineFacts } from '../../machine/facts.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { Possibility } from '../../transfer-method.ts'

const filesTypes = new Set(['dir', 'nfs', 'cifs', 'btrfs', 'cephfs', 'glusterfs'])

/** Bitmaps that outlive QEMU are kept in qcow2 images alone, and only QEMU itself can write them. */
export function possible(machine: MachineFacts): Possibility {
  const other = machine.disks.find(({ format }) => format !== 'qcow2')
  if (machine.disks.length === 0) return no('noDisks', {})
  if (other !== undefined) return no('format', { slot: other.slot, format: other.format })
  if (!filesTypes.has(machine.targetStorageType))
    return no('storage', { type: machine.targetStorageType || '?' })
  if (machine.snapshots.length > 0) return no('snapshots', { names: machine.snapshots.join(', ') })
  if (machine.missingTools.length > 0) return no('tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return no('ssh', {})
  if (machine.running && !machine.qmp) return no('qmp', {})
  const wanted = imageBytes(machine)
  const [source, target] = [machine.sourceStagingFreeBytes, machine.targetFreeBytes]
  if (source < wanted || target < wanted)
    return no('room', {
      wanted: neededGigabytes(wanted),
      source: freeGigabytes(source),
      target: freeGigabytes(target),
    })
  return { possible: true }
}

function no(why: string, values: Text['values'] & object): Possibility {
  const key = `proxmox-vm.delta.impossible.${why}`
  return {
    possible: false,
    why: { key: composed(key), values },
    remedy: { key: composed(`${key}.remedy`), values },
  }
}

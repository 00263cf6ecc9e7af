import { composed, type Text } from '../../../../model/text.ts'
import { imageBytes, type MachineFacts } from '../../machine/facts.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { Possibility } from '../../transfer-method.ts'

/** vzdump copies disks of every kind of storage; rsync has to reach the other hypervisor. */
export function possible(machine: MachineFacts): Possibility {
  if (machine.disks.length === 0) return no('noDisks', {})
  if (machine.missingTools.length > 0) return no('tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return no('ssh', {})
  const [wanted, free] = [imageBytes(machine), machine.targetFreeBytes]
  if (free < wanted) return no('room', { wanted: neededGigabytes(wanted), free: freeGigabytes(free) })
  return { possible: true }
}

function no(why: string, values: Text['values'] & object): Possibility {
  const key = `proxmox-vm.whole.impossible.${why}`
  return {
    possible: false,
    why: { key: composed(key), values },
    remedy: { key: composed(`${key}.remedy`), values },
  }
}

import { imageBytes, type MachineFacts } from '../../facts.ts'
import { impossible } from '../../impossible.ts'
import { freeGigabytes, neededGigabytes } from '../../sizes.ts'
import type { Possibility } from '../../transfer-method.ts'

/** vzdump copies disks of every kind of storage; rsync has to reach the other hypervisor. */
export function possible(machine: MachineFacts): Possibility {
  if (machine.disks.length === 0) return impossible('whole.noDisks')
  if (machine.missingTools.length > 0)
    return impossible('whole.tools', { tools: machine.missingTools.join(', ') })
  if (!machine.sshBetween) return impossible('whole.ssh')
  const [wanted, free] = [imageBytes(machine), machine.targetFreeBytes]
  if (free < wanted)
    return impossible('whole.room', { wanted: neededGigabytes(wanted), free: freeGigabytes(free) })
  return { possible: true }
}

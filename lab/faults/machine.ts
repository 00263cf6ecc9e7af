import { clearFault, setFault } from '../hypervisor/faults/faults.ts'
import { treeOf } from '../paths.ts'
import { guestsOf } from '../topology.ts'
import type { Lab } from '../types.ts'

const hypervisor = (lab: Lab) => treeOf(lab.name, 'toulouse-hypervisor')

/** Toulouse's hypervisor cannot start the machine of authentication, in the words of Proxmox VE (R2). */
export function machineWontStart(lab: Lab): void {
  machineStarts(lab)
  const vmid = guestsOf().find(({ role }) => role === 'auth')?.vmid ?? 0
  const text = `start failed: QEMU exited with code 1`
  setFault(hypervisor(lab), { name: 'task-error', type: 'qmstart', vmid, text })
}

/** The inverse. */
export const machineStarts = (lab: Lab): void => clearFault(hypervisor(lab), 'task-error')

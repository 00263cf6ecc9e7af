import { join } from 'node:path'
import type { Call, Hypervisor } from '../http/call.ts'
import { refuseParameters } from '../parameters/verify.ts'
import { readSections } from './section-config.ts'

/** Options that PVE keeps for root, whatever the privileges: skipping a lock is one. */
export function assertRootOnly(call: Call, ...names: string[]): void {
  const used = names.filter(name => call.maybe(name) !== undefined && call.maybe(name) !== '0')
  if (call.user !== 'root@pam')
    refuseParameters(Object.fromEntries(used.map(name => [name, 'Only root may use this option.'])))
}

export const isManagedByHa = ({ root }: Hypervisor, vmid: number): boolean =>
  readSections(join(root, 'etc/pve/ha/resources.cfg')).some(
    ({ type, id }) => type === 'vm' && id === String(vmid),
  )

export const isReplicated = ({ root }: Hypervisor, vmid: number): boolean =>
  readSections(join(root, 'etc/pve/replication.cfg')).some(({ id }) => id.startsWith(`${vmid}-`))

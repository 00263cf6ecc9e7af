import type { Machines } from './types.ts'

export { Refusal } from './refusal.ts'
export type * from './types.ts'

/**
 * The machines of one hypervisor. All paths hang on `root` (default `/`): `<root>/etc/pve/qemu-server`,
 * `<root>/var/run/qemu-server`, … Keep it short: a socket's path may have 107 bytes.
 */
export function openMachines(_options: { root?: string; node: string }): Machines {
  throw new Error('not there yet')
}

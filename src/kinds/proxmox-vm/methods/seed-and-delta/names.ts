import type { MachineSide } from '../../sides.ts'

/** Everything of ours in a QEMU begins with it, so that what a crash left is found and nothing else is touched. */
export const ours = 'bascule-'

/**
 * The bitmap that records every write since the copy numbered `sequence` of that seed (0: the seed itself). It is removed
 * only once the target has a later copy: whatever fails in between, nothing is forgotten.
 */
export const bitmapName = (seed: string, sequence: number): string => `${ours}${seed}-${sequence}`

/** The number of a bitmap of this seed; undefined for any other bitmap. */
export function sequenceOf(seed: string, bitmap: string): number | undefined {
  const prefix = `${ours}${seed}-`
  const rest = bitmap.startsWith(prefix) ? bitmap.slice(prefix.length) : ''
  return /^\d+$/.test(rest) ? Number(rest) : undefined
}

/** Records what the machine writes at the target, so that it can come back. */
export const backBitmapName = (seed: string): string => `${ours}back-${seed}`

export const jobName = (slot: string): string => `${ours}job-${slot}`
export const copyNodeName = (slot: string): string => `${ours}copy-${slot}`

/** What travels. One name for every delta: what an aborted attempt has sent is what the next one goes on from. */
export const seedFile = ({ staging }: MachineSide, slot: string): string => `${staging}/seed-${slot}.qcow2`
export const deltaFile = ({ staging }: MachineSide, slot: string): string => `${staging}/delta-${slot}.qcow2`
export const backFile = ({ staging }: MachineSide, slot: string): string => `${staging}/back-${slot}.qcow2`

export const noteFile = ({ staging }: MachineSide): string => `${staging}/seed-and-delta.json`
export const daemonSocket = ({ staging }: MachineSide): string => `${staging}/storage.qmp`
export const daemonPid = ({ staging }: MachineSide): string => `${staging}/storage.pid`
export const machineSocket = ({ vmid }: MachineSide): string => `/var/run/qemu-server/${vmid}.qmp`

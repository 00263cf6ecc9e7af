import { shellArgv } from '../copy/commands.ts'

/**
 * The same way where both storages are zfspool: a snapshot is the copy, what changed since the one before is the delta. Only
 * the commands: they were written from OpenZFS's manual and never run, so the way does not offer itself for ZFS yet.
 */
export const snapshotName = (dataset: string, seed: string, sequence: number): string =>
  `${dataset}@bascule-${seed}-${sequence}`

/** All disks of a machine in one instant: ZFS takes the snapshots of one command together. */
export const takeSnapshots = (snapshots: readonly string[]): string[] => ['zfs', 'snapshot', ...snapshots]

/** `-c`: as it lies on the disk, compressed. `-i`: what changed since an earlier snapshot that the other end has too. */
const sending = (snapshot: string, since: string | undefined): string[] => [
  ...['zfs', 'send', '-c'],
  ...(since === undefined ? [] : ['-i', since]),
  snapshot,
]
/** The line `size` tells how many bytes would travel. */
export const estimate = (snapshot: string, since?: string): string[] => {
  const [program = '', verb = '', ...rest] = sending(snapshot, since)
  return [program, verb, '-n', '-v', '-P', ...rest]
}
export function parseEstimate(stdout: string): number | undefined {
  const size = /^size\s+(\d+)$/m.exec(stdout)?.[1]
  return size === undefined ? undefined : Number(size)
}

/**
 * Sends to the other hypervisor; runs where the snapshot is. `-s`: what came before the link broke is kept for `resume`. `-u`: no
 * mount. `-F`: what the other end wrote since is dropped, which is for the caller to have made sure of.
 */
export const send = (
  receiver: { address: string; dataset: string },
  snapshot: string,
  since?: string,
): string[] => piped(sending(snapshot, since), receiver)

/** Goes on with a broken transfer: the token is the receiving dataset's `receive_resume_token`. */
export const resume = (receiver: { address: string; dataset: string }, token: string): string[] =>
  piped(['zfs', 'send', '-t', token], receiver)
export const resumeToken = (dataset: string): string[] => [
  ...['zfs', 'get', '-H', '-o', 'value', 'receive_resume_token', dataset],
]

/** Arguments: how many words the sender has, the sender, the receiver. A sender that fails fails the whole. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
const pipe = 'n=$1; shift; "${@:1:n}" | "${@:n+1}"'
function piped(sender: string[], { address, dataset }: { address: string; dataset: string }): string[] {
  const receiver = [...shellArgv, '--', address, 'zfs', 'receive', '-s', '-u', '-F', dataset]
  return ['bash', '-o', 'pipefail', '-c', pipe, 'bascule', String(sender.length), ...sender, ...receiver]
}

/** A snapshot that a later one has made needless, or all of them when the move is given up. */
export const dropSnapshot = (snapshot: string): string[] => ['zfs', 'destroy', requireSnapshot(snapshot)]
/** Back to what was received: what a machine wrote there is dropped. */
export const rollBack = (snapshot: string): string[] => ['zfs', 'rollback', '-r', requireSnapshot(snapshot)]

/** `zfs destroy` takes a dataset as gladly. */
function requireSnapshot(name: string): string {
  if (/^[^@]+@bascule-[^@]+$/.test(name)) return name
  throw new TypeError(`${name} is no snapshot of ours`)
}

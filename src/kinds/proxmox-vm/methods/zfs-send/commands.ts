import { type Reached, shellArgv } from '../../transfer/commands.ts'

/**
 * Written from OpenZFS's manual, never run on a real pool. Names of datasets hold no character that a shell would read, so
 * they may stand in a command that ssh hands to the other end's.
 */
const ours = 'bascule-'
export const snapshotName = (dataset: string, seed: string, sequence: number): string =>
  `${dataset}@${ours}${seed}-${sequence}`
/** Of any seed. */
export const isOurs = (snapshot: string): boolean => snapshot.includes(`@${ours}`)

/** All disks of a machine in one instant: ZFS takes the snapshots of one command together, or none. */
export const takeSnapshots = (snapshots: readonly string[]): string[] => ['zfs', 'snapshot', ...snapshots]

/** A snapshot a line, the oldest first: name, and the guid that it has at every end. */
export const listSnapshots = (dataset: string): string[] => [
  ...['zfs', 'list', '-H', '-p', '-t', 'snapshot', '-o', 'name,guid', '-s', 'createtxg', '-d', '1', dataset],
]
/** Values a line each, in the order asked for; sizes in bytes, `-` where there is none. */
export const properties = (dataset: string, ...names: string[]): string[] => [
  ...['zfs', 'get', '-H', '-p', '-o', 'value', names.join(','), dataset],
]
/** Bytes that the dataset has and that snapshot of it had not. */
export const writtenSince = (snapshot: string): string => `written@${snapshot.split('@')[1] ?? ''}`
/** `written` tells what the pool has on its disks: what was just written must get there first. */
export const toPool = (dataset: string): string[] => ['zpool', 'sync', dataset.split('/')[0] ?? '']

/** Until the devices are there: a receive takes a volume's device away and makes it anew. */
export const settle: readonly string[] = ['udevadm', 'settle', '--timeout=60']

/** `-c`: as it lies on the disk, compressed. `-i`: what changed since an earlier snapshot that the other end has too. */
export const sending = (snapshot: string, since?: string): string[] => [
  ...['zfs', 'send', '-c'],
  ...(since === undefined ? [] : ['-i', since]),
  snapshot,
]
/** Goes on with a broken transfer: the token is the receiving dataset's `receive_resume_token`. */
export const resuming = (token: string): string[] => ['zfs', 'send', '-t', token]

/** Sends nothing: tells what would be sent. The line `size` says how many bytes. */
export const dryRun = ([program = '', verb = '', ...rest]: readonly string[]): string[] => [
  ...[program, verb, '-n', '-v', '-P', ...rest],
]
export function parseEstimate(stdout: string): number | undefined {
  const size = /^size\s+(\d+)$/m.exec(stdout)?.[1]
  return size === undefined ? undefined : Number(size)
}
/** Of a dry run with a token: the snapshot that is being sent. */
export const resumedSnapshot = (stdout: string): string | undefined =>
  /^\s*toname = (\S+)$/m.exec(stdout)?.[1]

/**
 * `-s`: what came before the link broke is kept for `resuming`. `-u`: no mount. Without `-F`: ZFS itself refuses to replace a
 * dataset that is there, or one that was written to.
 */
const receiving = (dataset: string): string[] => ['zfs', 'receive', '-s', '-u', dataset]
/** What a broken transfer left. */
export const forgetPartial = (dataset: string): string[] => ['zfs', 'receive', '-A', dataset]

/** From here to the other hypervisor. */
export const push = (sender: string[], other: Reached, dataset: string): string[] =>
  piped(sender, atOther(other, receiving(dataset)))
/** From the other hypervisor to here. */
export const pull = (sender: string[], other: Reached, dataset: string): string[] =>
  piped(atOther(other, sender), receiving(dataset))

const atOther = ({ address, become }: Reached, argv: string[]): string[] => [
  ...[...shellArgv, '--', address, ...(become === 'sudo' ? ['sudo', '-n'] : []), ...argv],
]

/** Arguments: how many words the sender has, the sender, the receiver. A sender that fails fails the whole. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
const pipe = 'n=$1; shift; "${@:1:n}" | "${@:n+1}"'
const piped = (sender: string[], receiver: string[]): string[] => [
  ...['bash', '-o', 'pipefail', '-c', pipe, 'bascule', String(sender.length), ...sender, ...receiver],
]

/** A dataset that reads as the snapshot does and takes room for what is written to it alone. */
export const clone = (snapshot: string, dataset: string): string[] => ['zfs', 'clone', snapshot, dataset]

/** A snapshot that a later one has made needless, or all of them when the move is abandoned. */
export const dropSnapshot = (snapshot: string): string[] => ['zfs', 'destroy', requireSnapshot(snapshot)]
/** Back to that snapshot; those that are younger go. */
export const rollBack = (snapshot: string): string[] => ['zfs', 'rollback', '-r', requireSnapshot(snapshot)]
/** A disk of a machine with its snapshots. */
export const dropDisk = (dataset: string, vmid: number): string[] => {
  if (new RegExp(`^[^@]+/vm-${vmid}-disk-\\d+$`).test(dataset)) return ['zfs', 'destroy', '-r', dataset]
  throw new TypeError(`${dataset} is no disk of machine ${vmid}`)
}

/** `zfs destroy` takes a dataset as gladly. */
function requireSnapshot(name: string): string {
  if (/^[^@]+@bascule-[^@]+$/.test(name)) return name
  throw new TypeError(`${name} is no snapshot of ours`)
}

import { bracketed } from '../../../model/address.ts'

/**
 * How one hypervisor reaches the other. It must never ask, and must notice within 15 s that the link is gone.
 * rsync splits this at spaces: no value of the plan may stand in it. What travels is compressed already, or is not worth it.
 */
export const shellArgv: readonly string[] =
  'ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o Compression=no'.split(
    ' ',
  )

export type Reached = { address: string; become: 'runuser' | 'sudo' }

export type SendOptions = { from: string; to: string; limitMbps?: number | undefined }

/**
 * Sends one file; runs where it lies. `--inplace`: what came before the link broke is kept, and the next attempt sends
 * only what is missing. Only its owner may read the copy from its first byte on: a disk holds personal data.
 */
export const send = (receiver: Reached, { from, to, limitMbps }: SendOptions): string[] => [
  'rsync',
  ...always(receiver),
  ...['--inplace', '--no-whole-file', '-p', '--chmod=F0600'],
  ...limit(limitMbps),
  ...['--', from, remote(receiver, to)],
]

/**
 * Smaller than a cluster of qcow2 (64 KiB), so that a page written by the guest does not cost a cluster; and so many that the
 * checksums of a disk (20 bytes a block) still weigh little: 0.1 % of it.
 */
const blockBytes = 16_384

export type FetchOptions = {
  from: string
  /** The older state of the same disk, which becomes equal. */
  onto: string
  /** On the same filesystem as `onto`. The new image is put together there, and takes the old one's place in one rename. */
  temporary: string
  limitMbps?: number | undefined
}

/**
 * Brings a disk's content onto an older state of it; runs where that older state lies. Only what differs travels.
 *
 * Blocks are found wherever they lie in the old image: a restore lays a qcow2 out anew, and in place (where a block
 * can only be taken from further on) eight times as much travelled. The old image stays whole until the new one is.
 */
export const fetchOnto = (sender: Reached, { from, onto, temporary, limitMbps }: FetchOptions): string[] => [
  'rsync',
  ...always(sender),
  ...['--no-whole-file', `--block-size=${blockBytes}`, '--sparse', `--temp-dir=${temporary}`],
  ...(from.startsWith('/dev/') ? ['--copy-devices'] : []),
  ...limit(limitMbps),
  ...['--', remote(sender, from), onto],
]

/** The same where the receiver is a block device, whatever the other end is: its blocks stay at their offsets, so in place loses nothing. */
export const fetchOntoDevice = (
  sender: Reached,
  { from, onto, limitMbps }: Omit<FetchOptions, 'temporary'>,
): string[] => [
  'rsync',
  ...always(sender),
  ...['--no-whole-file', `--block-size=${blockBytes}`, '--copy-devices', '--write-devices'],
  ...limit(limitMbps),
  ...['--', remote(sender, from), onto],
]

/** `-I`: a file of the same size and time is looked into as well. `-s`: names go over the wire, not through the far shell. */
const always = ({ become }: Reached): string[] => [
  ...['-I', '-s', '-e', shellArgv.join(' ')],
  ...(become === 'sudo' ? ['--rsync-path=sudo -n rsync'] : []),
  ...['--no-h', '--outbuf=L', '--info=progress2,stats2'],
]

/** Mbit/s to the decimal KB/s that rsync counts in. */
const limit = (limitMbps: number | undefined): string[] =>
  limitMbps === undefined ? [] : [`--bwlimit=${Math.max(1, Math.round(limitMbps * 125))}KB`]

/** An IPv6 address stands in brackets before rsync's colon. */
const remote = ({ address }: Reached, path: string): string => `${bracketed(address)}:${path}`

/** Prints `<64 hexadecimal figures> *<path>`. */
export const hash = (path: string): string[] => ['sha256sum', '--binary', '--', path]

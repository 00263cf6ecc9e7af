import { bracketed } from '../../model/address.ts'
import type { End, TreePair } from './tree-pair.ts'

/** Where a file that came only in part is kept until the next attempt goes on from it. Never copied, never compared. */
export const partialDirectory = '.bascule-partial'

/**
 * How one end's rsync reaches the other. It must never ask, and must notice within 15 s that the link is gone.
 * rsync splits this at spaces: no value of the plan may stand in it.
 */
export const shellArgv: readonly string[] =
  'ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o Compression=no'.split(
    ' ',
  )

export type SyncOptions = {
  /** `forward` from source to target; `back` the other way. Either way rsync runs at the source. */
  direction?: 'forward' | 'back'
  dryRun?: boolean
  /** Decide by content, not by size and time: every file is read at both ends. */
  checksum?: boolean
  /** Entries that the sender no longer has are deleted at the receiver: at most so many, or without limit. */
  delete?: { most?: number }
  /** Only what the NUL-separated list on standard input names. */
  listed?: boolean
  /** Only this one entry of the tree. */
  only?: string
  /** What the receiver would lose is moved there instead. */
  backupDirectory?: string
  /** Bytes and rate as they come, one line each. */
  progress?: boolean
  /** One line for each entry that differs. */
  itemize?: boolean
  /** One line for each entry that differs, in this file at the source. */
  logFile?: string
  limitMbps?: number | undefined
}

/** The rsync of this component: what is preserved, omitted and how the other end is reached is always the same. */
export function rsync(trees: TreePair, options: SyncOptions = {}): string[] {
  const back = options.direction === 'back'
  const sourceTree = `${trees.source.path}/${back ? '' : (options.only ?? '')}`
  const targetTree = `${bracketed(trees.target.address)}:${trees.target.path}/${back ? (options.only ?? '') : ''}`
  return [
    'rsync',
    ...preserving(trees),
    ...reaching(trees.target),
    ...choosing(trees, options),
    ...receiving(options),
    ...telling(options),
    '--',
    ...(back ? [targetTree, sourceTree] : [sourceTree, targetTree]),
  ]
}

/**
 * `-s`: names go over the wire, not through the other end's shell.
 * `--modify-window=-1`: times are compared to the nanosecond; rsync alone stops at the second, and so takes a file that was
 * written twice in one second, at the same size, for unchanged.
 */
function preserving({ spec: { preserve } }: TreePair): string[] {
  const kept = [preserve.hardLinks ? 'H' : '', preserve.acls ? 'A' : '', preserve.xattrs ? 'X' : ''].join('')
  return [`-a${kept}s`, '--numeric-ids', '--modify-window=-1']
}

function reaching(target: End): string[] {
  return ['-e', shellArgv.join(' '), ...(target.become === 'sudo' ? ['--rsync-path=sudo -n rsync'] : [])]
}

function choosing({ spec }: TreePair, options: SyncOptions): string[] {
  // force: a directory whose place a file has at the sender goes with what is left in it. What the sender lost since it was
  // listed is left alone: deletions go by a list of their own, for some versions of rsync refuse names without an entry.
  const listed = ['--from0', '--files-from=-', '--no-implied-dirs', '--ignore-missing-args', '--force']
  return [
    ...spec.exclude.map(pattern => `--exclude=${pattern}`),
    ...(options.checksum ? ['--checksum'] : []),
    ...(options.listed ? listed : []),
    ...(options.delete ? ['--delete', ...mostDeletions(options.delete)] : []),
  ]
}

const mostDeletions = ({ most }: { most?: number }): string[] =>
  most === undefined ? [] : [`--max-delete=${most}`]

function receiving(options: SyncOptions): string[] {
  return [
    `--partial-dir=${partialDirectory}`,
    ...(options.dryRun ? ['--dry-run'] : []),
    ...(options.backupDirectory ? ['--backup', `--backup-dir=${options.backupDirectory}`] : []),
    // Mbit/s to the decimal KB/s that rsync counts in
    ...(options.limitMbps === undefined ? [] : [`--bwlimit=${Math.round(options.limitMbps * 125)}KB`]),
  ]
}

function telling(options: SyncOptions): string[] {
  return [
    '--no-h',
    '--outbuf=L',
    `--info=${options.progress ? 'progress2,' : ''}stats2`,
    ...(options.itemize ? ['--out-format=%i %n'] : []),
    ...(options.logFile ? [`--log-file=${options.logFile}`, '--log-file-format=%i %n'] : []),
  ]
}

/** Prints one entry of the tree, or nothing when it is empty. Fails when there is no such tree. */
export const anyEntry = (path: string): string[] => ['find', path, '-mindepth', '1', '-print', '-quit']

/** Empties a tree and keeps its root, which may be a mount point. */
export const emptyTree = (path: string): string[] => ['find', path, '-xdev', '-mindepth', '1', '-delete']

/** Removes what was kept of files that never came whole. */
export const removePartials = (path: string): string[] => [
  ...['find', path, '-depth', '(', '-name', partialDirectory, '-o', '-path', `*/${partialDirectory}/*`, ')'],
  '-delete',
]

export const rename = (from: string, to: string): string[] => ['mv', '-T', '--', from, to]

/** What the process that Bascule starts at a host may do. */
export const ownRights: readonly string[] = ['cat', '/proc/self/status']

/** Seconds since 1970 on the host's own clock: change times are only ever compared with the clock they come from. */
export const hostClock = (): string[] => ['date', '+%s']

/**
 * Prints the names of what changed since an instant of that host's own clock (seconds since 1970), NUL-separated.
 * The change time (ctime) moves with content, owner, mode and name, and no program can set it back.
 * Directories are omitted: theirs moves with every entry, and their own fields are compared with the whole tree.
 */
export const changedSince = (path: string, since: number): string[] => [
  ...['find', path, '-mindepth', '1'],
  ...['-name', partialDirectory, '-prune', '-o'],
  ...['!', '-type', 'd', '-newerct', `@${since}`, '-printf', '%P\\0'],
]

/** The same for directories: an entry that came or went changes the one it was in, and only its own fields are sent. */
export const directoriesChangedSince = (path: string, since: number): string[] => [
  ...['find', path, '-mindepth', '1'],
  ...['-name', partialDirectory, '-prune', '-o'],
  ...['-type', 'd', '-newerct', `@${since}`, '-printf', '%P\\0'],
]

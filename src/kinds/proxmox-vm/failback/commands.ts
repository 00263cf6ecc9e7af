/** PVE takes the volumes of a machine that is off out of use, those of LVM at least: their device is not there until then. */
export const activate = (devicePath: string): string[] => [
  ...['lvchange', '--activate', 'y', '--ignoreactivationskip', '--', devicePath],
]

/**
 * The name behind all links. A logical volume's path is a link to its device, and rsync would put a file where the link
 * is.
 */
export const behindLinks = (path: string): string[] => ['readlink', '-e', '--', path]

export const isBlockDevice = (path: string): string[] => ['test', '-b', path]

/** Zeros are omitted. The format that is read is always named: probing one lets the guest choose how its disk is read. */
export const convert = (
  from: { path: string; format: string },
  to: { path: string; format: string },
): string[] => ['qemu-img', 'convert', '-f', from.format, '-O', to.format, from.path, to.path]

/** A second name for the image, which keeps its content when another file takes the first one. Takes no room until then. */
export const keepAside = (path: string, aside: string): string[] => ['ln', '-T', '--', path, aside]

/** Of the filesystem that holds it, in bytes, on the second line. */
export const freeBytes = (path: string): string[] => ['df', '--block-size=1', '--output=avail', '--', path]
/** What a file takes, in blocks of 512 bytes. */
export const takenBlocks = (path: string): string[] => ['stat', '-L', '--format=%b', '--', path]

/** Whether the source may bring anything from the target: without a question, and with rsync there. */
export const reachRsync = (shell: readonly string[], address: string): string[] => [
  ...shell,
  '--',
  address,
  'rsync',
  '--version',
]

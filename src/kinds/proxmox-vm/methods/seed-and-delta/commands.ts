import type { MachineSide } from '../../sides.ts'
import { daemonPid, daemonSocket } from './names.ts'
import type { SeededDisk } from './notes.ts'

/** An empty image for a copy of the blocks of another. Its name must be in a folder that only its owner may enter. */
export const createImage = (path: string, sizeBytes: number): string[] => [
  ...['qemu-img', 'create', '-q', '-f', 'qcow2', path, String(sizeBytes)],
]
/** An image over another one, which stays as it is. */
export const createOverlay = (path: string, below: string): string[] => [
  ...['qemu-img', 'create', '-q', '-f', 'qcow2', '-b', below, '-F', 'qcow2', path],
]
/** Says what an image of blocks stands on, without touching a block. */
export const standOn = (path: string, below: string): string[] => [
  ...['qemu-img', 'rebase', '-q', '-u', '-f', 'qcow2', '-b', below, '-F', 'qcow2', path],
]
/** Writes the blocks into the image below. `-d`: they stay in the upper one too, so that it can be done again. */
export const commitBlocks = (path: string): string[] => [
  'qemu-img',
  'commit',
  '-q',
  '-d',
  '-f',
  'qcow2',
  path,
]
/** To the disk, whatever the host caches. */
export const toDisk = (path: string): string[] => ['sync', '--', path]

export const addBitmap = (path: string, name: string): string[] => [
  ...['qemu-img', 'bitmap', '--add', '-f', 'qcow2', path, name],
]
export const removeBitmap = (path: string, name: string): string[] => [
  ...['qemu-img', 'bitmap', '--remove', '-f', 'qcow2', path, name],
]
/** `-U`: a running machine's image may be looked at; what it says of sizes and bitmaps is then only nearly so. */
export const imageInfo = (path: string): string[] => ['qemu-img', 'info', '-U', '--output=json', path]

export const freeBytes = (path: string): string[] => ['df', '--output=avail', '-B1', '--', path]

type Opened = Pick<SeededDisk, 'slot'> & { path: string }

const blockdev = ({ slot, path }: Opened, readOnly: boolean): string[] => [
  '--blockdev',
  JSON.stringify({
    driver: 'qcow2',
    'node-name': `drive-${slot}`,
    'read-only': readOnly,
    file: { driver: 'file', filename: path, 'read-only': readOnly },
  }),
]

/** The block layer of a machine that is off: the same jobs as in a running QEMU, on the same socket protocol. */
export const startDaemon = (at: MachineSide, disks: readonly Opened[]): string[] => [
  'qemu-storage-daemon',
  ...disks.flatMap(disk => blockdev(disk, false)),
  ...['--chardev', `socket,id=qmp,path=${daemonSocket(at)},server=on,wait=off`],
  ...['--monitor', 'chardev=qmp', '--pidfile', daemonPid(at), '--daemonize'],
]

/** Reads commands from its standard input and ends with the last; changes nothing. */
export const readDaemon = (disks: readonly Opened[]): string[] => [
  'qemu-storage-daemon',
  ...disks.flatMap(disk => blockdev(disk, true)),
  ...['--chardev', 'stdio,id=qmp', '--monitor', 'chardev=qmp'],
]

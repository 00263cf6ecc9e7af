import { join } from 'node:path'
import { node } from '../paths.ts'

/** What of this machine's own Debian goes onto a guest's disk. */
export const busybox = '/bin/busybox'
export const agent = '/usr/sbin/qemu-ga'
export const bootSector = '/usr/lib/syslinux/mbr/mbr.bin'
export const filesDirectory = join(import.meta.dirname, 'files')

/** Programs that need shared libraries, and where they lie in the guest. */
export const dynamicPrograms: Record<string, string> = {
  [node]: '/usr/bin/node',
  [agent]: '/usr/sbin/qemu-ga',
}

import { nodeOf } from '../qemu/commands.ts'
import type { Json } from '../types.ts'

export type Copy = { key: string; path: string }
type Command = { execute: string; arguments: Record<string, Json> }

export const copyNode = (key: string): string => `vzdump-${nodeOf(key)}`
export const copyJob = (key: string): string => `backup-${nodeOf(key)}`

/** The file a copy goes to. What is zero is not written: the file stays sparse. */
export const addCopy = ({ key, path }: Copy): Command => ({
  execute: 'blockdev-add',
  arguments: {
    driver: 'raw',
    'node-name': copyNode(key),
    discard: 'unmap',
    'detect-zeroes': 'unmap',
    file: { driver: 'file', filename: path, discard: 'unmap' },
  },
})

/** All disks at the same instant: what the guest writes from now on is copied before it is overwritten. */
export const startCopies = (copies: readonly Copy[]): Command => ({
  execute: 'transaction',
  arguments: {
    actions: copies.map(({ key }) => ({
      type: 'blockdev-backup',
      data: {
        'job-id': copyJob(key),
        device: nodeOf(key),
        target: copyNode(key),
        sync: 'full',
        // Concluded jobs stay until they are asked for: what came of them is not to be missed.
        'auto-dismiss': false,
      },
    })),
  },
})

export const removeCopy = (key: string): Command => ({
  execute: 'blockdev-del',
  arguments: { 'node-name': copyNode(key) },
})

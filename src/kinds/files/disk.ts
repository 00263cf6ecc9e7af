import type { ReadIo } from '../../model/io.ts'
import type { End } from './tree-pair.ts'

export type Disk = {
  filesystem: string
  mountPoint: string
  freeBytes: number
  /** Null where the file system makes inodes as it needs them. */
  freeInodes: number | null
}

/** The last line of `df`'s output; undefined when it is not one. */
export function parseDisk(output: string): Disk | undefined {
  const line = output.trim().split('\n').at(-1) ?? ''
  const match = /^(\S+)\s+(\/.*?)\s+(\d+)\s+(\d+|-)$/.exec(line)
  if (match === null) return undefined
  const [, filesystem = '', mountPoint = '', free, inodes] = match
  const freeInodes = inodes === '-' || inodes === '0' ? null : Number(inodes)
  return { filesystem, mountPoint, freeBytes: Number(free), freeInodes }
}

/** The disk that holds the tree, or will: of the nearest directory that is there. */
export async function diskAt(end: End, io: ReadIo): Promise<Disk | undefined> {
  for (let path = end.path; ; path = path.slice(0, path.lastIndexOf('/')) || '/') {
    const { exitCode, stdout } = await io.read(end.ssh, diskOf(path), { allowFailure: true })
    if (exitCode === 0) return parseDisk(stdout)
    if (path === '/') return undefined
  }
}

/** Kind and mount point of the file system that holds a path, and what is free there. */
const diskOf = (path: string): string[] => [
  ...['df', '--block-size=1', '--output=fstype,target,avail,iavail', '--', path],
]

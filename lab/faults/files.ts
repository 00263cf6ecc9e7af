import { closeSync, lstatSync, openSync, readdirSync, readSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'

const root = (lab: Lab) => join(treeOf(lab.name, 'toulouse-files'), 'srv/files')

/**
 * Turns over the bits of one byte in the middle of a file of Toulouse; its size and times stay (R3). Again is the
 * inverse. `path` is relative to the file server's root; left out, the first file of 1 KB or more. Returns it.
 */
export function fileCorrupt(lab: Lab, path = firstFile(root(lab))): string {
  const file = join(root(lab), path)
  const { size, atime, mtime } = lstatSync(file)
  const descriptor = openSync(file, 'r+')
  try {
    const byte = Buffer.alloc(1)
    const middle = Math.floor(size / 2)
    readSync(descriptor, byte, 0, 1, middle)
    byte[0] = 0xff - (byte[0] ?? 0)
    writeSync(descriptor, byte, 0, 1, middle)
  } finally {
    closeSync(descriptor)
  }
  utimesSync(file, atime, mtime)
  return path
}

/** By name, so that two runs corrupt the same one. */
function firstFile(directory: string): string {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
  const found = paths.find(path => {
    const status = lstatSync(join(directory, path))
    return status.isFile() && status.size >= 1024
  })
  if (!found) throw new Error(`no file of 1 KB or more below ${directory}`)
  return found
}

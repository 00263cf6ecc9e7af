import { spawn } from 'node:child_process'
import { closeSync, lstatSync, openSync, readdirSync, readSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { enterArgv } from '../enter.ts'
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

/**
 * Something at Toulouse goes on writing into a file: sent again, it is wrong again (R3). Ends with the lab. `path` as in
 * fileCorrupt.
 */
export async function fileStaysCorrupt(lab: Lab, path = firstFile(root(lab))): Promise<string> {
  fileCorrupt(lab, path)
  const script =
    'while :; do printf "\\377" | dd of="$1" bs=1 seek=512 conv=notrunc 2>/dev/null; sleep 0.05; done'
  const argv = enterArgv(lab, 'toulouse-files', ['sh', '-c', script, 'sh', join('/srv/files', path)])
  const [program = '', ...rest] = argv
  spawn(program, rest, { detached: true, stdio: 'ignore' }).unref()
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

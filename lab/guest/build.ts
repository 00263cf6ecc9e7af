import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { run } from '../shell.ts'
import { baseDisk } from './base.ts'
import { writeIntoDisk } from './configure.ts'
import { type GuestIdentity, identityFiles, stateDirectory } from './identity.ts'

const programUser = 1000

export type BuildGuest = GuestIdentity & {
  /** Where the disk is to be; its directory is made. It holds secrets: nobody but its owner may read it. */
  output: string
}

/**
 * Builds the disk of a guest: qcow2, 512 MB as the guest sees it, some 150 MB of data. Needs root and what `bin/setup`
 * brings. Returns `output`. Throws a Failure when the kernel's package is not there or a tool refuses.
 */
export async function buildGuest(options: BuildGuest): Promise<string> {
  const { output, program } = options
  const base = await baseDisk()
  mkdirSync(dirname(output), { recursive: true })
  const raw = `${output}.raw`
  try {
    await run(['cp', '--sparse=always', '--reflink=auto', base, raw])
    chmodSync(raw, 0o600)
    const state = { path: stateDirectory(program), mode: 0o700, owner: programUser }
    await writeIntoDisk(raw, identityFiles(options), [state])
    await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, output])
    chmodSync(output, 0o600)
  } finally {
    rmSync(raw, { force: true })
  }
  return output
}

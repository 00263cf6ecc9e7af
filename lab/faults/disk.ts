import { execIn } from '../enter.ts'
import type { Lab } from '../types.ts'

const filler = (path: string) => `${path}/.filler`

/**
 * Leaves no byte free on a small disk of a host (`LabOptions.smallDisks`). Refuses any other directory: it would fill
 * the disk of the machine that runs the lab.
 */
export async function diskFull(lab: Lab, host: string, path: string): Promise<void> {
  const { stdout } = await execIn(lab, host, ['stat', '--file-system', '--format=%T', path])
  if (stdout !== 'tmpfs') throw new Error(`${host}:${path} is not a small disk of the lab but ${stdout}`)
  // Ends with "No space left on device", which is what is wanted.
  await execIn(lab, host, ['dd', 'if=/dev/zero', `of=${filler(path)}`, 'bs=64k', 'status=none'], {
    allowFailure: true,
  })
}

/** The inverse. */
export async function diskFreed(lab: Lab, host: string, path: string): Promise<void> {
  await execIn(lab, host, ['rm', '-f', filler(path)])
}

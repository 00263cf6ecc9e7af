import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { lockFileOf, lockHolder } from './lock.ts'

/** The program that carries a run out, if one does. */
export function isExecuting(stateDirectory: string): boolean {
  const holder = lockHolder(stateDirectory)
  // from another machine nobody can look at its processes: it is taken at its word
  if (holder === undefined || holder.host !== hostname()) return holder !== undefined
  return holdsOpen(holder.pid, lockFileOf(stateDirectory))
}

/** A process id is used again by others; the open lock file, whose real path the kernel gives, tells them apart. */
function holdsOpen(pid: number, file: string): boolean {
  const descriptors = `/proc/${pid}/fd`
  try {
    const path = realpathSync(file)
    return readdirSync(descriptors).some(name => linkOf(join(descriptors, name)) === path)
  } catch (error) {
    // another user's process: that it is there is all that can be seen
    return (error as NodeJS.ErrnoException).code === 'EACCES'
  }
}

function linkOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(descriptor)
  } catch {
    return undefined
  }
}

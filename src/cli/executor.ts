import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { stateUnusable } from '../run/lock.ts'

/** The program that carries a run out, if one does: told without touching the lock, which would get in its way. */
export function isExecuting(stateDirectory: string): boolean {
  const file = join(stateDirectory, 'lock.db')
  if (!existsSync(file)) return false
  const holder = readable(stateDirectory, () => readHolder(file))
  // from another machine nobody can look at its processes: it is taken at its word
  if (holder === undefined || holder.host !== hostname()) return holder !== undefined
  return holdsOpen(holder.pid, file)
}

function readable<T>(stateDirectory: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw stateUnusable(stateDirectory, cause)
  }
}

function readHolder(file: string): { pid: number; host: string } | undefined {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const known = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'holder'").get()
    if (known === undefined) return undefined
    return database.prepare('SELECT pid, host FROM holder').get() as { pid: number; host: string } | undefined
  } finally {
    database.close()
  }
}

/** A process id is used again by others; the open lock file tells them apart. */
function holdsOpen(pid: number, file: string): boolean {
  const descriptors = `/proc/${pid}/fd`
  try {
    return readdirSync(descriptors).some(name => linkOf(join(descriptors, name)) === file)
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

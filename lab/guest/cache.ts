import { createHash, type Hash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory } from '../paths.ts'

/** Disks of earlier inputs are dropped after this time without use. */
const keptDays = 3

/** The hash of files and of directories' files, by content and name; anything that changes a disk changes it. */
export function hashOf(paths: readonly string[], texts: readonly string[] = []): string {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, path)
  for (const text of texts) hash.update(`\0${text.length}\0${text}`)
  return hash.digest('hex').slice(0, 16)
}

function addPath(hash: Hash, path: string): void {
  const status = statSync(path)
  if (status.isDirectory()) {
    for (const entry of readdirSync(path).sort()) addPath(hash, join(path, entry))
    return
  }
  hash.update(`\0${path}\0${status.mode}\0${status.size}\0`)
  hash.update(readFileSync(path))
}

/** The file of this name in the cache, made by `make` when it is not there. Two makers at once do not disturb each other. */
export async function cached(name: string, make: (file: string) => Promise<void>): Promise<string> {
  const directory = join(cacheDirectory, 'disks')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, name)
  const now = new Date()
  try {
    utimesSync(file, now, now)
    return file
  } catch {}
  dropUnused(directory)
  const unfinished = `${file}.${randomUUID()}.unfinished`
  try {
    await make(unfinished)
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return file
}

function dropUnused(directory: string): void {
  const oldest = Date.now() - keptDays * 24 * 3600_000
  for (const entry of readdirSync(directory)) {
    const file = join(directory, entry)
    const status = statSync(file, { throwIfNoEntry: false })
    if (status && status.mtimeMs < oldest) rmSync(file, { force: true })
  }
}

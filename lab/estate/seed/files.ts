import { chmodSync, existsSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { execa } from 'execa'
import { contentOf } from './content.ts'
import { numberOf } from './noise.ts'
import { figuresOf, type Size } from './sizes.ts'
import { type TreeEntry, treeOf } from './tree.ts'

export type SeededFiles = {
  files: number
  bytes: number
  hardLinks: number
  symbolicLinks: number
  restricted: number
}

/** Files were last changed on a day of 2026, long before the move: rsync must not take them for fresh ones. */
const firstChange = Date.UTC(2026, 0, 5) / 1000

/**
 * Writes the tree of this size into `directory`, which must not exist or hold no such tree (EEXIST otherwise).
 * `onProgress` is told after every few hundred files. Needs setfacl and setfattr.
 */
export async function seedFiles(
  directory: string,
  size: Size,
  onProgress: (progress: { done: number; total: number; bytes: number }) => void = () => undefined,
): Promise<SeededFiles> {
  const total = figuresOf(size).files
  const result: SeededFiles = { files: 0, bytes: 0, hardLinks: 0, symbolicLinks: 0, restricted: 0 }
  const restricted: string[] = []
  for (const entry of treeOf(size)) {
    result.bytes += place(directory, entry, size)
    result.files += 1
    if (entry.link?.kind === 'hard') result.hardLinks += 1
    if (entry.link?.kind === 'symbolic') result.symbolicLinks += 1
    if (entry.restricted) restricted.push(join(directory, entry.path))
    if (result.files % 256 === 0) {
      onProgress({ done: result.files, total, bytes: result.bytes })
      // The process that starts the lab stays responsive.
      await setImmediate()
    }
  }
  result.restricted = restricted.length
  await restrict(restricted)
  onProgress({ done: total, total, bytes: result.bytes })
  return result
}

/** Returns the bytes written: none for a link. */
function place(directory: string, entry: TreeEntry, size: Size): number {
  const path = join(directory, entry.path)
  const folder = dirname(path)
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  if (entry.link) {
    const named = join(directory, entry.link.to)
    if (entry.link.kind === 'hard') linkSync(named, path)
    else symlinkSync(relative(folder, named), path)
    return 0
  }
  const content = contentOf(entry.path, size)
  writeFileSync(path, content, { flag: 'wx', mode: 0o644 })
  const changed = firstChange + (numberOf(entry.path) % (200 * 86_400))
  utimesSync(path, changed, changed)
  return content.length
}

/** One more reader by access list, and who wrote it as an extended attribute. */
async function restrict(paths: string[]): Promise<void> {
  const perCommand = 500
  for (let at = 0; at < paths.length; at += perCommand) {
    const some = paths.slice(at, at + perCommand)
    for (const path of some) chmodSync(path, 0o640)
    await execa('setfacl', ['-m', 'u:www-data:r', '--', ...some])
    await execa('setfattr', ['-n', 'user.techcorp.author', '-v', 'service formation', '--', ...some])
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../src/model/failure.ts'
import { run } from '../shell.ts'
import { rootPartition } from './disk.ts'

export type GuestFile = { path: string; content: string; mode: number }
export type GuestDirectory = { path: string; mode: number; owner: number }

/** Writes files into the root of a raw disk that does not have them yet, without mounting it. */
export async function writeIntoDisk(
  disk: string,
  files: readonly GuestFile[],
  directories: readonly GuestDirectory[],
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'bascule-guest-'))
  try {
    const script = join(work, 'script')
    for (const [index, file] of files.entries())
      writeFileSync(join(work, String(index)), file.content, { mode: 0o600 })
    writeFileSync(script, `${debugfsScript(work, files, directories).join('\n')}\n`)
    const target = `${disk}?offset=${rootPartition.startBytes}`
    // It ends with 0 whatever happened; what it says on stderr after its own name is what went wrong.
    const { stderr } = await run(['debugfs', '-w', '-f', script, target])
    const wrong = stderr.split('\n').filter(line => line !== '' && !line.startsWith('debugfs 1.'))
    if (wrong.length > 0)
      throw new Failure({
        key: 'lab.command-failed',
        values: { command: 'debugfs', detail: wrong.join('; ') },
      })
  } finally {
    rmSync(work, { recursive: true })
  }
}

function debugfsScript(
  work: string,
  files: readonly GuestFile[],
  directories: readonly GuestDirectory[],
): string[] {
  const octal = (type: number, mode: number) => `0${(type | mode).toString(8)}`
  return [
    ...directories.flatMap(({ path, mode, owner }) => [
      `mkdir ${path}`,
      `set_inode_field ${path} mode ${octal(0o040000, mode)}`,
      `set_inode_field ${path} uid ${owner}`,
      `set_inode_field ${path} gid ${owner}`,
    ]),
    ...files.flatMap(({ path, mode }, index) => [
      `write ${join(work, String(index))} ${path}`,
      `set_inode_field ${path} mode ${octal(0o100000, mode)}`,
    ]),
  ]
}

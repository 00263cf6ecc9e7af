import type { ReadIo } from '../../model/io.ts'
import { diskOf } from './survey-commands.ts'
import { type Disk, parseDisk } from './survey-output.ts'
import type { End } from './tree-pair.ts'

/** The disk that holds the tree, or will: of the nearest directory that is there. */
export async function diskAt(end: End, io: ReadIo): Promise<Disk | undefined> {
  for (let path = end.path; ; path = path.slice(0, path.lastIndexOf('/')) || '/') {
    const { exitCode, stdout } = await io.read(end.ssh, diskOf(path), { allowFailure: true })
    if (exitCode === 0) return parseDisk(stdout)
    if (path === '/') return undefined
  }
}

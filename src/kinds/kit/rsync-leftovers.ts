import type { ChangeIo } from '../../model/io.ts'
import { script } from './script.ts'

const end = script(import.meta.dirname, 'scripts/end-leftovers.sh')

/**
 * Ends, at the receiving end, an rsync that waits for a sender long gone: where a line is lost, nobody tells it. It keeps what
 * it has received, so that the next attempt goes on from there; left alone it would hold that back, and might still write when the
 * line returns. Known by what it receives into: its directory is the tree, or it has the file open.
 *
 * `host`: ssh name of the receiving end. `path`: the tree or the file. Throws Failure when a process does not end.
 */
export async function endLeftovers(io: ChangeIo, host: string, path: string): Promise<void> {
  await io.change(host, end.argv(path))
}

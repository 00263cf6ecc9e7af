import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { script } from '../kit/script.ts'
import { partialDirectory } from './commands.ts'
import { encodeNames, feeding } from './names.ts'
import type { End, TreePair } from './tree-pair.ts'

const deletion = script(import.meta.dirname, 'scripts/delete-listed.sh')
const note = script(import.meta.dirname, 'scripts/note-deletions.sh')

/**
 * Deletes entries of the target's tree by name; nothing outside it, and no directory in which something is left. rsync is not
 * asked for it: versions of it refuse a list with names that the sender no longer has (`--delete-missing-args`).
 * What is gone already is no error. Returns how many were deleted. Throws Failure when one could not be.
 */
export async function deleteListed(
  io: ChangeIo,
  { target }: Pick<TreePair, 'target'>,
  names: readonly string[],
): Promise<number> {
  if (names.length === 0) return 0
  // bytes downwards: the entries of a directory come before it
  const { encoded } = encodeNames([...names].sort().reverse())
  const argv = feeding(['xargs', '-0', '-r', ...deletion.argv(target.path, partialDirectory)])
  const { exitCode, stdout, stderr } = await io.change(target.ssh, argv, {
    input: encoded,
    allowFailure: true,
  })
  if (exitCode !== 0) throw notDeleted(target, stderr)
  return stdout.split('\n').reduce((sum, count) => sum + Number(count), 0)
}

const notDeleted = ({ ssh, path }: End, stderr: string): Failure =>
  new Failure(
    { key: 'files.delete.failed', values: { host: ssh, path, detail: stderr.trim().slice(-600) } },
    { remedy: { key: 'files.delete.failed.remedy', values: { host: ssh, path } } },
  )

/** Adds deletions to the list at the source in which rsync writes what it sends. */
export async function noteDeletions(
  io: ChangeIo,
  { source }: Pick<TreePair, 'source'>,
  list: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await io.change(source.ssh, feeding(note.argv(list)), {
    input: encodeNames(names).encoded,
  })
}

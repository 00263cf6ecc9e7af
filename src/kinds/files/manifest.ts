import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { partialDirectory } from './commands.ts'
import type { End } from './tree-pair.ts'

/**
 * Argument: a tree. Prints the SHA-256 of the sorted list of all its entries: name, kind, size, time, mode, owners, link.
 * No content is read: 0.5 s for 100 000 entries. A directory's own size says nothing and is left out.
 */
const manifestScript = `cd -- "$1" || exit 1
find . -mindepth 1 -name "$2" -prune -o \\
  -type d -printf '%P\\t%y\\t%T@\\t%m\\t%U\\t%G\\0' -o \\
  -printf '%P\\t%y\\t%s\\t%T@\\t%m\\t%U\\t%G\\t%l\\0' | LC_ALL=C sort -z | sha256sum`

/** Equal manifests: the same entries with the same fields at both ends. Throws Failure when a tree cannot be walked. */
export async function manifest(io: ReadIo, end: End): Promise<string> {
  const argv = ['sh', '-c', manifestScript, 'bascule', end.path, partialDirectory]
  const { exitCode, stdout, stderr } = await io.read(end.ssh, argv, { allowFailure: true })
  const hash = /^[0-9a-f]{64}/.exec(stdout)?.[0]
  if (exitCode === 0 && hash !== undefined && stderr.trim() === '') return hash
  throw new Failure(
    {
      key: 'files.changes.unlisted',
      values: { host: end.ssh, path: end.path, detail: stderr.trim().slice(-300) },
    },
    { remedy: { key: 'files.changes.unlisted.remedy', values: { host: end.ssh, path: end.path } } },
  )
}

import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import { script } from '../kit/script.ts'
import { partialDirectory } from './commands.ts'
import type { SyncReport } from './rsync-output.ts'
import { compare } from './sync.ts'
import type { End, TreePair } from './tree-pair.ts'

/** Undefined when the manifests are equal; else rsync names what differs. Patterns omitted are rsync's alone to read. */
export async function compareFields(io: ReadIo, trees: TreePair): Promise<SyncReport | undefined> {
  if (trees.spec.exclude.length === 0) {
    const [source, target] = await Promise.all([manifest(io, trees.source), manifest(io, trees.target)])
    if (source === target) return undefined
  }
  return await compare(io, trees, { delete: {}, itemize: true })
}

const manifestScript = script(import.meta.dirname, 'scripts/manifest.sh')

/** Equal manifests: the same entries with the same fields at both ends. Throws Failure when a tree cannot be walked. */
async function manifest(io: ReadIo, end: End): Promise<string> {
  const argv = manifestScript.argv(end.path, partialDirectory)
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

import type { ReadIo } from '../../model/io.ts'
import { manifest } from './manifest.ts'
import type { SyncReport } from './rsync-output.ts'
import { compare } from './sync.ts'
import type { TreePair } from './tree-pair.ts'

/** Undefined when the manifests are equal; else rsync names what differs. Patterns left out are rsync's alone to read. */
export async function compareFields(io: ReadIo, trees: TreePair): Promise<SyncReport | undefined> {
  if (trees.spec.exclude.length === 0) {
    const [source, target] = await Promise.all([manifest(io, trees.source), manifest(io, trees.target)])
    if (source === target) return undefined
  }
  return await compare(io, trees, { delete: {}, itemize: true })
}

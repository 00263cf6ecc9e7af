import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import { changesSince, type Instants } from './changes.ts'
import type { NameList } from './names.ts'
import { countDifferences, type SyncReport } from './rsync-output.ts'
import { compare } from './sync.ts'
import type { TreePair } from './tree-pair.ts'

/** `names` are those that were compared; absent when it was all of them. */
export type Comparison = { report: SyncReport; names?: NameList }

const noDifference: SyncReport = {
  entries: 0,
  totalBytes: 0,
  sentFiles: 0,
  sentBytes: 0,
  keptBytes: 0,
  deleted: 0,
  differences: { created: 0, content: 0, damaged: 0, attributes: 0, deleted: 0 },
  examples: [],
}

/** Compares by content hash what changed since the proof; everything, if nothing was proven ahead. */
export async function compareSinceProof(
  io: ReadIo,
  trees: TreePair,
  results: Record<string, JsonObject>,
): Promise<Comparison> {
  const since = provenAt(results[`${trees.component}.prove`])
  if (since === undefined) {
    return { report: await compare(io, trees, { checksum: true, itemize: true, delete: {} }) }
  }
  const names = await changesSince(io, trees, since)
  if (names.count === 0) return { report: noDifference, names }
  return { report: await compare(io, trees, { checksum: true, itemize: true, names }), names }
}

/**
 * How many entries differ: fields, those of the whole tree (`unlike`), tell of every difference but damage, which is other
 * content under equal fields.
 */
export const differentEntries = ({ report }: Comparison, unlike: SyncReport | undefined): number =>
  unlike ? countDifferences(unlike) + report.differences.damaged : countDifferences(report)

export function provenAt(result: JsonObject | undefined): Instants | undefined {
  const { provenAtSource: source, provenAtTarget: target } = result ?? {}
  return typeof source === 'number' && typeof target === 'number' ? { source, target } : undefined
}

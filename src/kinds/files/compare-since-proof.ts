import type { ReadIo } from '../../model/io.ts'
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

/** Compares by content hash what changed since the proof; everything, if nothing was proven ahead (`since` undefined). */
export async function compareSinceProof(
  io: ReadIo,
  trees: TreePair,
  since: Instants | undefined,
): Promise<Comparison> {
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

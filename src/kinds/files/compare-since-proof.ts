import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import { changesSince, type Instants } from './changes.ts'
import type { NameList } from './names.ts'
import type { Places } from './places.ts'
import type { SyncReport } from './rsync-output.ts'
import { compare } from './sync.ts'

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
  places: Places,
  results: Record<string, JsonObject>,
): Promise<Comparison> {
  const since = provenAt(results[`${places.component}.prove`])
  if (since === undefined) {
    return { report: await compare(io, places, { checksum: true, itemize: true, delete: {} }) }
  }
  const names = await changesSince(io, places, since)
  if (names.count === 0) return { report: noDifference, names }
  return { report: await compare(io, places, { checksum: true, itemize: true, names }), names }
}

export function provenAt(result: JsonObject | undefined): Instants | undefined {
  const { provenAtSource: source, provenAtTarget: target } = result ?? {}
  return typeof source === 'number' && typeof target === 'number' ? { source, target } : undefined
}

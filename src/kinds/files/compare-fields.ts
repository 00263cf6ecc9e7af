import type { ReadIo } from '../../model/io.ts'
import { manifest } from './manifest.ts'
import type { Places } from './places.ts'
import type { SyncReport } from './rsync-output.ts'
import { compare } from './sync.ts'

/** Undefined when the manifests are equal; else rsync names what differs. Patterns left out are rsync's alone to read. */
export async function compareFields(io: ReadIo, places: Places): Promise<SyncReport | undefined> {
  if (places.spec.exclude.length === 0) {
    const [source, target] = await Promise.all([manifest(io, places.source), manifest(io, places.target)])
    if (source === target) return undefined
  }
  return await compare(io, places, { delete: {}, itemize: true })
}

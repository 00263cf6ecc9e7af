import { rootOf } from '../journal/checkpoint.ts'
import type { JournalReader } from '../journal/read.ts'
import { stampedHash } from '../journal/timestamp.ts'
import { Failure } from '../model/failure.ts'
import type { TimestampAuthority } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { verifyStamp } from '../transport/timestamps.ts'

/** `entries` of `sound`: what the newest stamp covers; of `false`: of the stamp that is none. */
export type JudgedStamps =
  | { state: 'sound'; stamps: number; entries: number; at: string }
  | { state: 'false'; stamps: number; entries: number; why: Text }
  | { state: 'unverified'; stamps: number; why: Text }
  | { state: 'none' }

/** The journal's time stamps, by openssl and by its own entries. Undefined: it has none, and the plan asks for none. */
export async function judgeStamps(
  journal: Pick<JournalReader, 'entries' | 'hashes'>,
  authority: TimestampAuthority | undefined,
): Promise<JudgedStamps | undefined> {
  const stamps = journal.entries().flatMap(({ event }) => (event.type === 'journal.stamped' ? [event] : []))
  if (stamps.length === 0) return authority && { state: 'none' }
  if (authority?.trusted === undefined)
    return { state: 'unverified', stamps: stamps.length, why: { key: 'cli.journal.stamps.noTrusted' } }
  const hashes = journal.hashes()
  let newest = { entries: 0, at: '' }
  for (const { origin, entries, root, response } of stamps) {
    if (root !== rootOf(hashes.slice(0, entries)))
      return {
        state: 'false',
        stamps: stamps.length,
        entries,
        why: { key: 'cli.journal.stamps.otherEntries' },
      }
    try {
      const hash = stampedHash({ origin, entries, root })
      const verdict = await verifyStamp(hash, Buffer.from(response, 'base64'), authority.trusted)
      if (!verdict.isSound) return { state: 'false', stamps: stamps.length, entries, why: verdict.why }
      if (entries >= newest.entries) newest = { entries, at: verdict.at }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { state: 'unverified', stamps: stamps.length, why: error.text }
    }
  }
  return { state: 'sound', stamps: stamps.length, ...newest }
}

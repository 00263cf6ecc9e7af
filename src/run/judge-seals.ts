import { checkpointsIn, isSignedByOne, rootOf } from '../journal/checkpoint.ts'
import type { Event } from '../model/event.ts'
import type { KeptSeals } from '../model/roles.ts'

/**
 * A host's seals beside a journal whose chain is whole. `ahead`: one is of entries that the journal lacks. `differs`: of other entries.
 * `forged`: no key signed it that the journal names. `lost`: the journal says that the host took one which it no longer has.
 */
export type SealState = 'agrees' | 'ahead' | 'differs' | 'forged' | 'lost' | 'empty'
export type JudgedSeals = { state: SealState; seals: number; entries: number }
/** What a journal says of its own seals, and what they are compared with. */
export type OwnSeals = { hashes: readonly string[]; events: readonly Event[] }

/** Worst first. `entries` is the size of the seal that is told: the newest where all agree. Pure. */
export function judgeSeals(
  host: string,
  { keys, notes }: KeptSeals,
  { hashes, events }: OwnSeals,
): JudgedSeals {
  const known = events.flatMap(event => (event.type === 'journal.key' ? [event.key] : []))
  const found = checkpointsIn(notes).map(seal => {
    if (seal === undefined) return { state: 'forged', entries: 0 }
    const { entries, root, note } = seal
    if (!isSignedByOne(note, [...known, ...keys])) return { state: 'forged', entries }
    if (entries > hashes.length) return { state: 'ahead', entries }
    if (root !== rootOf(hashes.slice(0, entries))) return { state: 'differs', entries }
    return { state: isSignedByOne(note, known) ? 'agrees' : 'forged', entries }
  })
  const sizes = new Set(found.map(({ entries }) => entries))
  const lost = events.flatMap(event =>
    event.type === 'journal.sealed' && event.hosts.includes(host) && !sizes.has(event.entries)
      ? [{ state: 'lost', entries: event.entries }]
      : [],
  )
  const told = (['differs', 'ahead', 'forged', 'lost', 'agrees'] as const)
    .map(state => [...found, ...lost].findLast(one => one.state === state))
    .find(one => one !== undefined)
  const seals = found.length
  return told === undefined
    ? { state: 'empty', seals, entries: 0 }
    : { state: told.state as SealState, seals, entries: told.entries }
}

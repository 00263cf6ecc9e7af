import { canonicalJson, sha256Hex } from '../model/canonical.ts'
import type { JournalHead } from '../model/event.ts'
import type { MessageKey, Text } from '../model/text.ts'

/** What stands before the first entry. */
export const firstPreviousHash = '0'.repeat(64)

/** A row as it is stored: the event is canonical JSON. */
export type Row = {
  sequence: number
  at: string
  run: string
  event: string
  previousHash: string
  hash: string
}
export type Head = JournalHead

/** SHA-256 over canonical JSON of everything else that the entry says. */
export function hashOf(row: Omit<Row, 'hash'>): string {
  const { sequence, at, run, previousHash } = row
  return sha256Hex(canonicalJson({ sequence, at, run, event: JSON.parse(row.event), previousHash }))
}

/** `seal`: the last entry is not the one that the head names. `inserted`: there are more than the head counts. */
export type Damage = 'altered' | 'removed' | 'unlinked' | 'inserted' | 'seal'
export type FirstBad = { sequence: number; what: Damage }
export type Verification =
  | { ok: true; entries: number; headHash: string }
  | { ok: false; entries: number; firstBad: FirstBad }

const damageKeys: Record<Damage, MessageKey> = {
  altered: 'journal.bad.altered',
  removed: 'journal.bad.removed',
  unlinked: 'journal.bad.unlinked',
  inserted: 'journal.bad.inserted',
  seal: 'journal.bad.seal',
}
export const damageText = (file: string, { sequence, what }: FirstBad): Text => ({
  key: damageKeys[what],
  values: { file, sequence },
})

/**
 * Reads the chain from its first entry to its seal and names the first entry that is not as it was written. `known` is a seal
 * from elsewhere (a printed report): the journal may have grown since, and must still hold it. Pure.
 */
export function verifyChain(rows: Iterable<Row>, head: Head | undefined, known?: Head): Verification {
  let previousHash = firstPreviousHash
  let entries = 0
  const bad = (sequence: number, what: Damage): Verification => ({
    ok: false,
    entries,
    firstBad: { sequence, what },
  })
  for (const row of rows) {
    const sequence = entries + 1
    if (row.sequence !== sequence) return bad(sequence, 'removed')
    if (head && sequence > head.entries) return bad(sequence, 'inserted')
    if (!isAsWritten(row)) return bad(sequence, 'altered')
    if (row.previousHash !== previousHash) return bad(sequence, 'unlinked')
    if (known?.entries === sequence && known.hash !== row.hash) return bad(sequence, 'seal')
    previousHash = row.hash
    entries = sequence
  }
  if (!head) return bad(entries, 'seal')
  if (entries < Math.max(head.entries, known?.entries ?? 0)) return bad(entries + 1, 'removed')
  if (head.hash !== (entries === 0 ? '' : previousHash)) return bad(entries, 'seal')
  return { ok: true, entries, headHash: head.hash }
}

/** The stored text must be the canonical one too: JSON has many ways to write the same value. */
function isAsWritten(row: Row): boolean {
  try {
    return canonicalJson(JSON.parse(row.event)) === row.event && hashOf(row) === row.hash
  } catch {
    return false
  }
}

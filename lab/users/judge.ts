import type { LedgerEntry, WrittenTable } from './ledger.ts'

export type Entries = Iterable<LedgerEntry> | AsyncIterable<LedgerEntry>
/** How many rows the site in authority has for a write; absent is none. */
export type RowsByClientId = ReadonlyMap<string, number>
export const rowKey = (table: WrittenTable, clientId: string): string => `${table}:${clientId}`

export type WriteId = { table: WrittenTable; clientId: string }
export type LostWrite = WriteId & { acknowledgedAt: string; site?: string }
export type Verdict = {
  attempted: number
  acknowledged: number
  lost: number
  duplicated: number
  lostIds: LostWrite[]
  duplicatedIds: (WriteId & { rows: number })[]
  /** Attempted, never acknowledged, and there: an answer lost on its way, which is no fault. */
  keptUnacknowledged: number
}

/**
 * The ledger against the rows: every acknowledged write must be there, and no write, acknowledged or not, twice.
 * The rows must have been read after the last of these entries was written. Reads the entries once, in order.
 */
export async function judge(entries: Entries, rows: RowsByClientId): Promise<Verdict> {
  const attempted = new Map<string, WriteId>()
  const acknowledged = new Map<string, LostWrite>()
  for await (const entry of entries) {
    if (entry.kind !== 'attempt' && entry.kind !== 'acknowledged') continue
    const { table, clientId } = entry
    const key = rowKey(table, clientId)
    attempted.set(key, { table, clientId })
    if (entry.kind === 'acknowledged' && !acknowledged.has(key)) {
      const site = entry.site === undefined ? {} : { site: entry.site }
      acknowledged.set(key, { table, clientId, acknowledgedAt: entry.at, ...site })
    }
  }
  const lostIds = [...acknowledged].filter(([key]) => !rows.get(key)).map(([, write]) => write)
  const duplicatedIds = [...attempted].flatMap(([key, write]) => {
    const count = rows.get(key) ?? 0
    return count > 1 ? [{ ...write, rows: count }] : []
  })
  const kept = [...attempted.keys()].filter(key => !acknowledged.has(key) && rows.get(key))
  return {
    attempted: attempted.size,
    acknowledged: acknowledged.size,
    lost: lostIds.length,
    duplicated: duplicatedIds.length,
    lostIds,
    duplicatedIds,
    keptUnacknowledged: kept.length,
  }
}

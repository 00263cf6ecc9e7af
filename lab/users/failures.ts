import type { Entries } from './judge.ts'
import type { LedgerEntry } from './ledger.ts'

export type FailedRequest = Extract<LedgerEntry, { kind: 'request' }>
export type Since = {
  requests: number
  /** Each as the ledger has it, with the address where the user was sent. */
  failed: FailedRequest[]
  /** How many requests went to each address, whatever came of them. */
  addresses: Record<string, number>
}

/** What users met from an instant on, in requests begun after it: after reopening nobody may meet a dead address. */
export async function since(entries: Entries, instant: string): Promise<Since> {
  const from = Date.parse(instant)
  const met: Since = { requests: 0, failed: [], addresses: {} }
  for await (const entry of entries) {
    if (entry.kind !== 'request' || Date.parse(entry.startedAt) < from) continue
    const { address = 'none' } = entry
    met.requests += 1
    met.addresses[address] = (met.addresses[address] ?? 0) + 1
    if (entry.outcome !== 'ok') met.failed.push(entry)
  }
  return met
}

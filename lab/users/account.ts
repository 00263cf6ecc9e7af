import { stat } from 'node:fs/promises'
import type { ClientConfig } from 'pg'
import { type Availability, availability } from './availability.ts'
import { cuts, type ServiceCut, type Sites } from './cuts.ts'
import { judge, type Verdict } from './judge.ts'
import { readLedger, type Service } from './ledger.ts'
import { readRows } from './rows.ts'

export type Account = {
  verdict: Verdict
  cuts: Partial<Record<Service, ServiceCut>>
  availability: Availability
}

/**
 * All that a ledger says, judged against the database of the site in authority. The users may still be at work: rows
 * are read after the ledger's end is fixed, so what was acknowledged up to there must be among them.
 * Throws when either is unreadable.
 */
export async function accountOf(ledger: string, authority: ClientConfig, sites: Sites): Promise<Account> {
  const { size } = await stat(ledger)
  const entries = () => readLedger(ledger, size)
  const rows = await readRows(authority, entries())
  return {
    verdict: await judge(entries(), rows),
    cuts: await cuts(entries(), sites),
    availability: await availability(entries()),
  }
}

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

/** All that a ledger says, judged against the database of the site in authority. Throws when either is unreadable. */
export async function accountOf(ledger: string, authority: ClientConfig, sites: Sites): Promise<Account> {
  const rows = await readRows(authority, readLedger(ledger))
  return {
    verdict: await judge(readLedger(ledger), rows),
    cuts: await cuts(readLedger(ledger), sites),
    availability: await availability(readLedger(ledger)),
  }
}

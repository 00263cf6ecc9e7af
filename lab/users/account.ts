import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { type Availability, availability } from './availability.ts'
import { cuts, type ServiceCut, type Sites } from './cuts.ts'
import { type Entries, judge, type Verdict } from './judge.ts'
import { readLedger, type Service } from './ledger.ts'
import { readRows } from './rows.ts'

/** An upload is acknowledged on the platform's own disk, and in the database some seconds later. */
const flushedWithinSeconds = 30

export type Account = {
  verdict: Verdict
  cuts: Partial<Record<Service, ServiceCut>>
  availability: Availability
}

/**
 * All that a ledger says, or several together, judged against the database of the site in authority. The users may still
 * be at work: rows are read after the ledger's end is fixed, so what was acknowledged up to there must be among them.
 * Throws when either is unreadable.
 */
export async function accountOf(
  ledgers: string | readonly string[],
  authority: ClientConfig,
  sites: Sites,
): Promise<Account> {
  const entries = await readLedgers(ledgers)
  return {
    verdict: await verdictOnceFlushed(entries, authority),
    cuts: await cuts(entries(), sites),
    availability: await availability(entries()),
  }
}

/**
 * Reads ledgers that still grow, up to where they are now, as often as it is called. One after the other: what a user did is in
 * one of them, in its order.
 */
export async function readLedgers(ledgers: string | readonly string[]): Promise<() => Entries> {
  const ends = await Promise.all(
    [ledgers].flat().map(async file => ({ file, size: (await stat(file)).size })),
  )
  return async function* () {
    for (const { file, size } of ends) yield* readLedger(file, size)
  }
}

/** Waits for uploads alone, and no longer than is fair: what is then not in the database is lost. */
async function verdictOnceFlushed(entries: () => Entries, authority: ClientConfig): Promise<Verdict> {
  const giveUpAt = performance.now() + flushedWithinSeconds * 1000
  for (;;) {
    const verdict = await judge(entries(), await readRows(authority, entries()))
    const onTheirWay = verdict.lostIds.some(({ table }) => table === 'uploads')
    if (!onTheirWay || performance.now() > giveUpAt) return verdict
    await sleep(1000)
  }
}

import type { Outcome } from '../users/ledger.ts'
import type { TrainerEntry } from './ledger.ts'

/** ISO instants; what ended in between counts. Left out: from the beginning, to the end. */
export type Window = { from?: string; to?: string }

export type Counted = {
  reached: number
  failed: number
  /** Of what failed, by kind. */
  failures: Partial<Record<Outcome, number>>
  /** Of what was reached, by the site that answered. */
  sites: Record<string, number>
  /** Requests without the tunnel, and those that the dashboard answered. */
  tried: number
  leaks: number
}
export type TrainerSummary = Counted & { windows: Record<string, Counted> }

/** What one trainer's ledger says, over all and in each window. Reads the entries once. */
export async function summarize(
  entries: Iterable<TrainerEntry> | AsyncIterable<TrainerEntry>,
  windows: Record<string, Window> = {},
): Promise<TrainerSummary> {
  const over = nothing()
  const within = Object.entries(windows).map(([name, window]) => ({ name, window, counted: nothing() }))
  for await (const entry of entries) {
    add(over, entry)
    for (const { window, counted } of within) if (isIn(window, entry.at)) add(counted, entry)
  }
  return { ...over, windows: Object.fromEntries(within.map(({ name, counted }) => [name, counted])) }
}

const nothing = (): Counted => ({ reached: 0, failed: 0, failures: {}, sites: {}, tried: 0, leaks: 0 })

const isIn = ({ from, to }: Window, at: string): boolean =>
  (from === undefined || Date.parse(at) >= Date.parse(from)) &&
  (to === undefined || Date.parse(at) <= Date.parse(to))

function add(counted: Counted, entry: TrainerEntry): void {
  if (entry.kind === 'without') {
    counted.tried += 1
    if (entry.leaked) counted.leaks += 1
  } else if (entry.kind === 'through' && entry.outcome === 'ok') {
    const site = entry.site ?? 'unsaid'
    counted.reached += 1
    counted.sites[site] = (counted.sites[site] ?? 0) + 1
  } else if (entry.kind === 'through') {
    counted.failed += 1
    counted.failures[entry.outcome] = (counted.failures[entry.outcome] ?? 0) + 1
  }
}

import { join } from 'node:path'
import { journalExists, type ReportedProgress, readJournal, verifyJournal } from '../journal/read.ts'
import type { Entry } from '../model/event.ts'
import type { History } from '../model/run.ts'
import { fold } from '../run/fold.ts'
import type { JournalSeal } from '../views/report.ts'

/** What is written down of a migration so far; nothing yet is an empty history. */
export type StoredRuns = { entries: readonly Entry[]; history: History }

export const journalFile = (stateDirectory: string): string => join(stateDirectory, 'journal.db')

export function readRecords(stateDirectory: string): StoredRuns {
  const entries = reading(stateDirectory, journal => journal.entries()) ?? []
  return { entries, history: fold(entries) }
}

/** The latest figures of a run's steps, by step id: not sealed, for the screen only. */
export function readProgress(stateDirectory: string, run: string): Record<string, ReportedProgress> {
  return reading(stateDirectory, journal => journal.progress(run)) ?? {}
}

/** How many entries, the hash of the last, and whether the chain is whole. */
export function sealOf(stateDirectory: string, entries: readonly Entry[]): JournalSeal {
  const file = journalFile(stateDirectory)
  const verified = journalExists(file) && verifyJournal(file).ok
  return { entries: entries.length, head: entries.at(-1)?.hash ?? '', verified }
}

function reading<T>(
  stateDirectory: string,
  work: (journal: ReturnType<typeof readJournal>) => T,
): T | undefined {
  const file = journalFile(stateDirectory)
  if (!journalExists(file)) return undefined
  const journal = readJournal(file)
  try {
    return work(journal)
  } finally {
    journal.close()
  }
}

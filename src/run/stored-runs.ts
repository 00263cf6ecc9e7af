import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { journalExists, type ReportedProgress, readJournal, verifyJournal } from '../journal/read.ts'
import type { Entry } from '../model/event.ts'
import type { History } from '../model/run.ts'
import { fold, foldEntry } from './fold.ts'
import { checkStateFormat } from './state-format.ts'

/** What is written down of a migration so far; nothing yet is an empty history. */
export type StoredRuns = { entries: readonly Entry[]; history: History }
/** `sealed`: the last signed seal, and the hosts that took it. */
export type JournalSeal = { entries: number; head: string; verified: boolean; sealed?: Sealed }
type Sealed = { entries: number; hosts: string[] }

export const journalFile = (stateDirectory: string): string => join(stateDirectory, 'journal.db')

export function readRecords(stateDirectory: string): StoredRuns {
  checkStateFormat(stateDirectory)
  const entries = reading(stateDirectory, journal => journal.entries()) ?? []
  return { entries, history: fold(entries) }
}

/** The same a while later: what was added is read, and all of it only where the journal is another one by now. */
export function readMore(stateDirectory: string, before: StoredRuns): StoredRuns {
  const last = before.entries.at(-1)
  if (last === undefined) return readRecords(stateDirectory)
  const added = reading(stateDirectory, journal =>
    journal.hashAt(last.sequence) === last.hash ? journal.entriesSince(last.sequence) : undefined,
  )
  if (added === undefined) return readRecords(stateDirectory)
  if (added.length === 0) return before
  return { entries: [...before.entries, ...added], history: added.reduce(foldEntry, before.history) }
}

/** The latest figures of a run's steps, by step id: not sealed, for the screen only. */
export function readProgress(stateDirectory: string, run: string): Record<string, ReportedProgress> {
  return reading(stateDirectory, journal => journal.progress(run)) ?? {}
}

/** How many entries, the hash of the last, and whether the chain is whole. */
export function sealOf(stateDirectory: string, entries: readonly Entry[]): JournalSeal {
  const file = journalFile(stateDirectory)
  const verified = journalExists(file) && verifyJournal(file).ok
  const sealed = lastSealed(entries)
  return { entries: entries.length, head: entries.at(-1)?.hash ?? '', verified, ...(sealed && { sealed }) }
}

export function lastSealed(entries: readonly Entry[]): Sealed | undefined {
  const event = entries.findLast(one => one.event.type === 'journal.sealed')?.event
  if (event?.type !== 'journal.sealed') return undefined
  return { entries: event.entries, hosts: event.hosts }
}

/** The state directories below a folder that hold a journal. */
export function storedMigrations(home: string): string[] {
  return namesIn(home)
    .map(name => join(home, name))
    .filter(directory => journalExists(journalFile(directory)))
    .sort()
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // nothing has ever been kept there
    return []
  }
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

import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Entry } from '../model/event.ts'
import type { Progress } from '../model/io.ts'
import { type Head, type Row, type Verification, verifyChain } from './chain.ts'
import { copyLine } from './copy-lines.ts'
import { parseEvent } from './events.ts'
import { malformed, unreadable } from './failures.ts'
import { openForReading } from './store.ts'

export type ReportedProgress = Progress & { at: string }

export type JournalReader = {
  entries(): Entry[]
  /** Those after the given sequence number. */
  entriesSince(sequence: number): Entry[]
  /** The latest progress of each step of a run, by step id. */
  progress(run: string): Record<string, ReportedProgress>
  /** The seal: how many entries there are, and the last one's hash. Printed in the report. */
  head(): Head
  /** The entries after the given sequence number as lines for a copy, as they are stored. */
  linesSince(sequence: number): string[]
  /** Of the entry with this number; undefined when there is none (yet). */
  hashAt(sequence: number): string | undefined
  /** Of all entries, in their order. */
  hashes(): string[]
  close(): void
}

/** Opens the journal for reading while another program may be writing it. Throws Failure. */
export function readJournal(file: string): JournalReader {
  const database = openForReading(file)
  return { ...reading(database, file), close: () => database.close() }
}

/** Judges a journal file, also against a seal kept elsewhere. Throws Failure where the file cannot be read at all. */
export function verifyJournal(file: string, known?: Head): Verification {
  const database = openForReading(file)
  try {
    return verify(database, known)
  } catch (cause) {
    throw unreadable(file, cause)
  } finally {
    database.close()
  }
}

/** True when a journal has been begun. */
export const journalExists = (file: string): boolean => existsSync(file)

/** Rows and seal are read in one transaction, so that a writer at work is no damage. */
export function verify(database: DatabaseSync, known?: Head): Verification {
  database.exec('BEGIN')
  try {
    const rows = database.prepare('SELECT * FROM entries ORDER BY sequence').iterate() as Iterable<unknown>
    const head = database.prepare('SELECT entries, hash FROM head').get() as Head | undefined
    return verifyChain(rows as Iterable<Row>, head, known)
  } finally {
    database.exec('COMMIT')
  }
}

export function reading(database: DatabaseSync, file: string): Omit<JournalReader, 'close'> {
  function guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw unreadable(file, cause)
    }
  }
  const since = database.prepare('SELECT * FROM entries WHERE sequence > ? ORDER BY sequence')
  const progress = database.prepare('SELECT step, progress FROM progress WHERE run = ?')
  const head = database.prepare('SELECT entries, hash FROM head')
  const hashAt = database.prepare('SELECT hash FROM entries WHERE sequence = ?')
  const hashes = database.prepare('SELECT hash FROM entries ORDER BY sequence')
  const entriesSince = (sequence: number): Entry[] =>
    guarded(() => (since.all(sequence) as unknown as Row[]).map(row => toEntry(row, file)))
  return {
    entries: () => entriesSince(0),
    entriesSince,
    progress: run =>
      guarded(() =>
        Object.fromEntries(
          progress
            .all(run)
            .map(row => [String(row.step), JSON.parse(String(row.progress)) as ReportedProgress]),
        ),
      ),
    head: () => guarded(() => head.get() as unknown as Head),
    linesSince: sequence => guarded(() => (since.all(sequence) as unknown as Row[]).map(copyLine)),
    hashAt: sequence => guarded(() => hashAt.get(sequence)?.hash as string | undefined),
    hashes: () => guarded(() => hashes.all().map(({ hash }) => String(hash))),
  }
}

/** Throws Failure where one is not what this program knows. `place`: where they come from, for people. */
export const entriesOf = (rows: readonly Row[], place: string): Entry[] =>
  rows.map(row => toEntry(row, place))

function toEntry(row: Row, file: string): Entry {
  const parsed = parseEvent(JSON.parse(row.event))
  if ('problem' in parsed) throw malformed(file, row.sequence, parsed.problem)
  return { ...row, event: parsed.event }
}

import { canonicalJson } from '../model/canonical.ts'
import type { Entry, Event } from '../model/event.ts'
import { Failure } from '../model/failure.ts'
import { now as currentInstant } from '../model/instant.ts'
import { damageText, firstPreviousHash, type Head, hashOf } from './chain.ts'
import { parseEvent } from './events.ts'
import { JournalWriteError, malformed, unreadable } from './failures.ts'
import { type JournalReader, type ReportedProgress, reading, verify } from './read.ts'
import { openForProgress, openForWriting } from './store.ts'

export type Journal = Omit<JournalReader, 'progress'> & {
  /** Redacted, chained and on the disk when it returns. Throws JournalWriteError, which must end the program. */
  append(run: string, event: Event): Entry
  progress: {
    /** Not chained, and the last seconds may be lost with the power. The caller throttles. */
    set(run: string, step: string, progress: ReportedProgress): void
    get(run: string): Record<string, ReportedProgress>
  }
}

export type JournalOptions = {
  redact: <T>(value: T) => T
  /** ISO instant. */
  now?: () => string
  /** Told each entry once it is on the disk. */
  onAppended?: (entry: Entry) => void
}

/**
 * Opens the journal for its one writer and makes it when it is not there. Throws Failure when the file is no journal, or
 * is not as it was written: nothing is built on a journal that someone changed.
 */
export function openJournal(file: string, options: JournalOptions): Journal {
  const { redact, now = currentInstant, onAppended } = options
  const database = openForWriting(file)
  const aside = openForProgress(file)
  const close = (): void => {
    aside.close()
    database.close()
  }
  const seal = whole(file, close, () => verify(database))
  const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)')
  const readHead = database.prepare('SELECT entries, hash FROM head')
  const moveHead = database.prepare('UPDATE head SET entries = ?, hash = ?')
  const setProgress = aside.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?)')
  const { progress, ...reader } = reading(database, file)
  let head: Head = seal

  function write(run: string, event: Event): Entry {
    database.exec('BEGIN IMMEDIATE')
    const found = readHead.get() as unknown as Head
    if (found.entries !== head.entries || found.hash !== head.hash) throw new JournalWriteError(file)
    const unsealed = {
      sequence: head.entries + 1,
      at: now(),
      run,
      event: canonicalJson(isVerbatim(event) ? event : redact(event)),
      previousHash: head.hash || firstPreviousHash,
    }
    const parsed = parseEvent(JSON.parse(unsealed.event))
    // once written it would keep everybody from reading the journal
    if ('problem' in parsed) throw malformed(file, unsealed.sequence, parsed.problem)
    const hash = hashOf(unsealed)
    insert.run(unsealed.sequence, unsealed.at, run, unsealed.event, unsealed.previousHash, hash)
    moveHead.run(unsealed.sequence, hash)
    database.exec('COMMIT')
    head = { entries: unsealed.sequence, hash }
    return { ...unsealed, event: parsed.event, hash }
  }

  return {
    ...reader,
    append(run, event) {
      let entry: Entry
      try {
        entry = write(run, event)
      } catch (cause) {
        rollBack()
        throw cause instanceof JournalWriteError ? cause : new JournalWriteError(file, cause)
      }
      onAppended?.(entry)
      return entry
    },
    progress: {
      set(run, step, value) {
        try {
          setProgress.run(run, step, canonicalJson(redact(value)))
        } catch {
          // Only a figure on a screen is lost; a disk that is full will be told by the next entry.
        }
      },
      get: progress,
    },
    close,
  }

  function rollBack(): void {
    try {
      if (database.isTransaction) database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, or cannot: the file says what was written, at the next opening.
    }
  }
}

/**
 * Plan and runbook are kept to the letter, or nobody could go back by them. They hold no secret, only references; a word of
 * theirs that happens to be somebody's password stands in the plan file for all to read.
 */
const isVerbatim = ({ type }: Event): boolean => type === 'plan.recorded' || type === 'runbook.recorded'

function whole(file: string, close: () => void, judge: () => ReturnType<typeof verify>): Head {
  try {
    const verdict = judge()
    if (verdict.ok) return { entries: verdict.entries, hash: verdict.headHash }
    throw new Failure(damageText(file, verdict.firstBad), {
      remedy: { key: 'journal.remedy.restore', values: { file } },
    })
  } catch (cause) {
    close()
    throw unreadable(file, cause)
  }
}

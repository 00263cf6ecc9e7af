import { Failure } from '../model/failure.ts'
import { systemReason } from '../model/system-error.ts'
import type { Text } from '../model/text.ts'

/** The journal could not be written: the program must stop; it is never taken for a failed step. */
export class JournalWriteError extends Failure {
  /** Without a cause: another program has written to the journal. */
  constructor(file: string, cause?: unknown) {
    const text: Text =
      cause === undefined
        ? { key: 'journal.otherWriter', values: { file } }
        : { key: 'journal.write', values: { file, detail: systemReason(cause) } }
    super(text, { remedy: { key: 'journal.remedy.disk' }, cause })
    this.name = 'JournalWriteError'
  }
}

/** An entry of the right format that does not say what it must. */
export function malformed(file: string, sequence: number, problem: string): Failure {
  return new Failure(
    { key: 'journal.malformed', values: { file, sequence, problem } },
    { remedy: { key: 'journal.remedy.restore', values: { file } } },
  )
}

/** SQLITE_NOTADB. */
const notADatabase = 26

/** A database that SQLite cannot read, as a Failure; a Failure stays as it is. */
export function unreadable(file: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  const notAJournal = (cause as { errcode?: number }).errcode === notADatabase
  return new Failure(
    {
      key: notAJournal ? 'journal.notAJournal' : 'journal.unreadable',
      values: { file, detail: systemReason(cause) },
    },
    { remedy: { key: 'journal.remedy.restore', values: { file } }, cause },
  )
}

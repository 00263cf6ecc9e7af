import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from '../model/failure.ts'
import { programVersion } from '../model/version.ts'
import type { Row } from './chain.ts'
import { unreadable } from './failures.ts'
import { openReadOnly } from './open-read-only.ts'

/**
 * Grows when what is hashed, how it is stored, or what an event says changes: a new type of event, a field or a name that an
 * older program must know. From format 2 on a newer program reads every older format; an older one refuses a newer.
 */
export const journalFormat = 2
const oldestFormat = 2
/** Who wrote the formats that are no longer read. */
const writtenBy: Record<number, string> = { 1: '0.1.0' }
/** The first version that reads and writes this format: what a program that is too old is told to be replaced by. */
const firstVersion = '0.2.0'
/** `Basc`, in the file's header: tells a journal from any other SQLite file. */
const applicationId = 0x42617363
const busyTimeoutMilliseconds = 5000

/** Entries can be added at the end and nothing else; the head is the seal: how many there are, and the last one's hash. */
const schema = `
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, run TEXT NOT NULL, event TEXT NOT NULL,
  previousHash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE progress (run TEXT NOT NULL, step TEXT NOT NULL, progress TEXT NOT NULL, PRIMARY KEY (run, step)) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, programVersion TEXT NOT NULL, minimumVersion TEXT NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, '');
CREATE TRIGGER entries_keep_their_text BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries WHEN NEW.sequence <> (SELECT entries + 1 FROM head)
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER head_grows BEFORE UPDATE ON head WHEN NEW.entries <> OLD.entries + 1
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${journalFormat};`

/** Opens the journal for writing and makes it when it is not there (0600). Each commit is on the disk when it returns. */
export function openForWriting(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
    return checked(file, new DatabaseSync(file, { timeout: busyTimeoutMilliseconds }), database => {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      database.exec('BEGIN IMMEDIATE')
      if (isEmpty(database)) create(database)
      database.exec('COMMIT')
    })
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** Makes a journal of entries that are known to be whole; nothing of it is there when it fails. */
export function writeRows(file: string, rows: readonly Row[]): void {
  const database = openForWriting(file)
  try {
    const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)')
    const moveHead = database.prepare('UPDATE head SET entries = ?, hash = ?')
    database.exec('BEGIN IMMEDIATE')
    for (const { sequence, at, run, event, previousHash, hash } of rows) {
      insert.run(sequence, at, run, event, previousHash, hash)
      moveHead.run(sequence, hash)
    }
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

/** Opens the journal for reading; another program may go on writing. Throws Failure. */
export function openForReading(file: string): DatabaseSync {
  if (!existsSync(file))
    throw new Failure(
      { key: 'journal.missing', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  try {
    return checked(file, openReadOnly(file, { timeout: busyTimeoutMilliseconds }))
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** A database that is no journal, or cannot be made ready, is not left open. */
function checked(
  file: string,
  database: DatabaseSync,
  makeReady: (database: DatabaseSync) => void = () => {},
): DatabaseSync {
  try {
    makeReady(database)
    checkFormat(database, file)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** A second connection to the same file, for data that a power cut may lose: progress does not wait for the disk. */
export function openForProgress(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMilliseconds })
  database.exec('PRAGMA synchronous = OFF')
  return database
}

function create(database: DatabaseSync): void {
  database.exec(schema)
  database.prepare('INSERT INTO meta VALUES (1, ?, ?, ?)').run(journalFormat, programVersion(), firstVersion)
}

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined

function checkFormat(database: DatabaseSync, file: string): void {
  const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  if (isEmpty(database))
    throw new Failure({ key: 'journal.empty', values: { file } }, { remedy: { key: 'journal.remedy.empty' } })
  if (pragma('application_id') !== applicationId)
    throw new Failure(
      { key: 'journal.notAJournal', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  const found = Number(pragma('user_version'))
  const values = { file, found, known: journalFormat, version: programVersion() }
  if (found < oldestFormat) {
    const version = writtenBy[found] ?? '0.1.0'
    throw new Failure(
      { key: 'journal.format.older', values },
      { remedy: { key: 'journal.remedy.older', values: { version } } },
    )
  }
  if (found > journalFormat) {
    const version = minimumVersion(database)
    throw new Failure(
      { key: 'journal.format.newer', values },
      { remedy: { key: 'journal.remedy.newer', values: { version } } },
    )
  }
}

/** Every format from 2 on says so in the same place. */
function minimumVersion(database: DatabaseSync): string {
  return String(database.prepare('SELECT minimumVersion FROM meta').get()?.minimumVersion)
}

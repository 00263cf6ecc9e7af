import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Temporal } from 'temporal-polyfill'
import { openReadOnly } from '../journal/open-read-only.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { localTime } from '../model/instant.ts'
import { systemReason } from '../model/system-error.ts'

/**
 * One program at a time writes a migration's journal. `number` is the last that was counted (fencing); it can only be
 * compared with numbers of the same `lineage`, which the state directory was given when it was made.
 */
export type Lock = {
  readonly number: number
  lineage: string
  /** Writes down the number of a claim. Throws Failure when another program took the lock in that moment. */
  count(number: number): void
  release(): void
}
/** Who took the lock last; whether that program still lives is another question. */
type Holder = { number: number; pid: number; host: string; by: string; verb: string; since: string }

/** Held open by the program that has the lock. */
export const lockFileOf = (directory: string) => join(directory, 'lock.db')

/**
 * Takes the lock of a state directory, or throws Failure (exit code 75) with who holds it. The lock is an open
 * write transaction: the kernel lets go of it when the program dies, however it dies.
 */
export function takeLock(directory: string, by: string, verb: string, since: string): Lock {
  const database = openLock(directory)
  try {
    database.exec('BEGIN IMMEDIATE')
  } catch (cause) {
    const holder = isHeld(cause) ? readHolder(database) : undefined
    database.close()
    throw isHeld(cause) ? lockedFailure(holder, cause) : stateUnusable(directory, cause)
  }
  const mine = enter(database, by, verb, since)
  const lineage = lineageOf(database)
  database.exec('COMMIT')
  confirmLock(database, mine)
  return {
    get number() {
      return readHolder(database)?.number ?? 0
    },
    lineage,
    count(number) {
      database.prepare('UPDATE holder SET number = ?').run(number)
      database.exec('COMMIT')
      confirmLock(database, mine)
    },
    release: () => database.close(),
  }
}

/** Makes the lock of a new state directory one that goes on with another's numbers. Nothing happens where there is a lock. */
export function inheritLock(directory: string, lineage: string, number: number): void {
  const database = openLock(directory)
  try {
    database.exec('BEGIN IMMEDIATE')
    makeHolder(database)
    makeLineage(database, lineage)
    database.prepare("INSERT OR IGNORE INTO holder VALUES (1, ?, 0, '', '', '', '')").run(number)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

/** `PRAGMA journal_mode` is the first to touch the file: a directory that cannot be written shows here. */
function openLock(directory: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(lockFileOf(directory))
    database.exec(`PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`)
    return database
  } catch (cause) {
    database?.close()
    throw isHeld(cause) ? lockedFailure(undefined, cause) : stateUnusable(directory, cause)
  }
}

const sqliteBusy = 5
/** Also its extended codes, which have more in the higher bits. */
const isHeld = (cause: unknown): boolean =>
  ((cause as { errcode?: number }).errcode ?? 0) % 256 === sqliteBusy

/** The state directory cannot be made or written, or holds something else: nothing is begun. */
export function stateUnusable(directory: string, cause: unknown): Failure {
  return new Failure(
    { key: 'run.stateUnusable', values: { directory, detail: systemReason(cause) } },
    { remedy: { key: 'run.stateUnusable.remedy', values: { directory } }, cause },
  )
}

/** Tells one taking of the lock from every other. */
type Taking = Pick<Holder, 'pid' | 'host' | 'since'>

/** To look or to be refused costs no number: who only opens the state directory must not outrank the one that acts. */
function enter(database: DatabaseSync, by: string, verb: string, since: string): Taking {
  makeHolder(database)
  const number = readHolder(database)?.number ?? 0
  const mine = { pid: process.pid, host: hostname(), since }
  database
    .prepare('INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?, ?, ?, ?)')
    .run(number, mine.pid, mine.host, by, verb, since)
  return mine
}

const makeHolder = (database: DatabaseSync): void =>
  database.exec(
    `CREATE TABLE IF NOT EXISTS holder (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER, pid INTEGER,
     host TEXT, by TEXT, verb TEXT, since TEXT) STRICT`,
  )

function makeLineage(database: DatabaseSync, id: string): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS lineage (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT) STRICT',
  )
  database.prepare('INSERT OR IGNORE INTO lineage VALUES (1, ?)').run(id)
}

function lineageOf(database: DatabaseSync): string {
  makeLineage(database, randomUUID())
  return String(database.prepare('SELECT id FROM lineage').get()?.id)
}

/** The claim had to be committed to be readable by others; between commit and hold another may have come. */
function confirmLock(database: DatabaseSync, mine: Taking): void {
  try {
    database.exec('BEGIN IMMEDIATE')
  } catch (cause) {
    const holder = readHolder(database)
    database.close()
    throw lockedFailure(holder, cause)
  }
  const holder = readHolder(database)
  if (holder?.pid === mine.pid && holder.host === mine.host && holder.since === mine.since) return
  database.close()
  throw lockedFailure(holder)
}

/** What the numbers of a state directory are counted by, read without touching the lock. Undefined before anything has begun. */
export function readCounting(directory: string): { lineage: string; number: number } | undefined {
  const file = lockFileOf(directory)
  if (!existsSync(file)) return undefined
  const database = openReadOnly(file)
  try {
    const lineage = String(database.prepare('SELECT id FROM lineage').get()?.id)
    return { lineage, number: readHolder(database)?.number ?? 0 }
  } catch (cause) {
    throw stateUnusable(directory, cause)
  } finally {
    database.close()
  }
}

/** Who took the lock last, told without touching it: an open transaction would get in its holder's way. */
export function lockHolder(directory: string): Holder | undefined {
  const file = lockFileOf(directory)
  if (!existsSync(file)) return undefined
  try {
    const database = openReadOnly(file)
    try {
      return readHolder(database)
    } finally {
      database.close()
    }
  } catch (cause) {
    throw stateUnusable(directory, cause)
  }
}

function readHolder(database: DatabaseSync): Holder | undefined {
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'holder'").get()
  if (isThere === undefined) return undefined
  return database.prepare('SELECT * FROM holder').get() as Holder | undefined
}

function lockedFailure(holder: Holder | undefined, cause?: unknown): Failure {
  const { by = '?', verb = '?', pid = 0, host = '?' } = holder ?? {}
  const since = holder === undefined ? '?' : localTime(holder.since, Temporal.Now.timeZoneId())
  return new Failure(
    { key: 'run.locked', values: { by, verb, since, pid, host } },
    { remedy: { key: 'run.locked.remedy' }, cause, exitCode: exitCodes.locked },
  )
}

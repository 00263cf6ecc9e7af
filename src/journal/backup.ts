import { chmodSync, closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from '../model/failure.ts'
import type { Row } from './chain.ts'
import { unreadable } from './failures.ts'
import { openForReading } from './store.ts'

/** What a state directory counts its fencing numbers by. */
export type Counting = { lineage: string; number: number }
/** `counting` is missing where the file is a plain copy of a journal. */
export type Backup = { rows: Row[]; counting?: Counting }

/** Writes the whole journal, while it may be written to, into a file that nobody else can read; whole, or not at all. Throws Failure. */
export function writeBackup(journal: string, file: string, counting: Counting): void {
  if (existsSync(file)) throw new Failure({ key: 'journal.backup.exists', values: { file } })
  const part = `${file}.part`
  const database = openForReading(journal)
  try {
    rmSync(part, { force: true })
    closeSync(openSync(part, 'wx', 0o600))
    database.prepare('VACUUM INTO ?').run(part)
    const backup = new DatabaseSync(part)
    backup.exec('PRAGMA synchronous = FULL; CREATE TABLE counting (lineage TEXT, number INTEGER) STRICT')
    backup.prepare('INSERT INTO counting VALUES (?, ?)').run(counting.lineage, counting.number)
    backup.close()
    chmodSync(part, 0o600)
    renameSync(part, file)
  } catch (cause) {
    rmSync(part, { force: true })
    throw unreadable(file, cause)
  } finally {
    database.close()
  }
}

/** Of a backup, or of any other copy of a journal. Whether it is whole is judged elsewhere. Throws Failure. */
export function readBackup(file: string): Backup {
  const database = openForReading(file)
  try {
    const rows = database.prepare('SELECT * FROM entries ORDER BY sequence').all() as unknown as Row[]
    const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'counting'").get()
    const counting = isThere && (database.prepare('SELECT * FROM counting').get() as Counting | undefined)
    return { rows, ...(counting && { counting }) }
  } catch (cause) {
    throw unreadable(file, cause)
  } finally {
    database.close()
  }
}

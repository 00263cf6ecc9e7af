import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

/** SQLITE_READONLY and SQLITE_CANTOPEN; their extended codes have more in the higher bits. */
const cannotWriteBeside = new Set([8, 14])

/**
 * Opens a database for reading, also one in a folder where nothing can be written, such as a backup: SQLite wants to make files
 * beside a database that was written with a write-ahead log, unless it is told that nobody writes to it.
 */
export function openReadOnly(file: string, options: { timeout?: number } = {}): DatabaseSync {
  const database = new DatabaseSync(file, { ...options, readOnly: true })
  try {
    database.prepare('SELECT 1 FROM sqlite_schema').get()
    return database
  } catch (cause) {
    database.close()
    const code = ((cause as { errcode?: number }).errcode ?? 0) % 256
    if (!cannotWriteBeside.has(code) || hasLog(file)) throw cause
    const unchanging = pathToFileURL(file)
    unchanging.search = 'immutable=1'
    return new DatabaseSync(unchanging, { ...options, readOnly: true })
  }
}

/** What stands in a log is not in the file yet: without the log an older state would be read. */
const hasLog = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0

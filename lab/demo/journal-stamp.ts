import { statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What differs once more has been written into a migration's journal. Cheap to ask, where reading the whole of it, or starting
 * `bascule status`, several times a second would take a core.
 */
export function journalStamp(stateDirectory: string): string {
  // what is written goes into the write-ahead log first
  const files = ['journal.db', 'journal.db-wal'].map(name =>
    statSync(join(stateDirectory, name), { throwIfNoEntry: false }),
  )
  return files.map(file => `${file?.mtimeMs} ${file?.size}`).join(', ')
}

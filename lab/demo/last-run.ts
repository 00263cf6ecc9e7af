import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '../../src/journal/read.ts'
import type { Run } from '../../src/model/run.ts'
import { fold } from '../../src/run/fold.ts'

/** The last run of a migration as its journal has it; undefined before there is one. */
export function lastRun(directory: string): Run | undefined {
  const file = join(directory, 'journal.db')
  if (!existsSync(file)) return undefined
  const journal = readJournal(file)
  try {
    return fold(journal.entries()).runs.at(-1)
  } finally {
    journal.close()
  }
}

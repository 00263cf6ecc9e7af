import { chmodSync, cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { verifyJournal } from '../../src/journal/read.ts'
import { isExecuting } from '../../src/run/executing.ts'
import { takeLock } from '../../src/run/lock.ts'
import { journalFile, readRecords } from '../../src/run/stored-runs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const fixture = join(import.meta.dirname, '../fixtures/journal-2/whole-night')

/** As somebody who may read a folder and write nothing in it; root may write everywhere. */
function asReader<T>(directory: string, work: () => T): T {
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444)
  chmodSync(directory, 0o555)
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    return work()
  } finally {
    if (isRoot) process.seteuid?.(0)
    chmodSync(directory, 0o755)
  }
}

it('a copy of a migration is read where nothing can be written: a backup, a disk mounted read-only', () => {
  const directory = temporaryFolder('read-only')
  cpSync(fixture, directory, { recursive: true })
  takeLock(directory, 'marie', 'run', '2026-12-12T21:00:00Z').release()
  const seen = asReader(directory, () => ({
    verdict: verifyJournal(journalFile(directory)),
    entries: readRecords(directory).entries.length,
    executing: isExecuting(directory),
  }))
  expect(seen).toMatchObject({ verdict: { ok: true, entries: seen.entries }, executing: false })
})

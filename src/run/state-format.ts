import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { journalExists, readJournal } from '../journal/read.ts'
import { Failure } from '../model/failure.ts'
import { programVersion } from '../model/version.ts'

/** Grows when lock, inbox or the files of a state directory change their form; the journal has a format of its own. */
const stateFormat = 3
/** The first version that knows this format. */
const firstVersion = '0.2.0'

export const stateFile = (directory: string): string => join(directory, 'state.json')
const written = z.looseObject({ format: z.number(), programVersion: z.string(), minimumVersion: z.string() })

/**
 * Throws Failure when a newer program has made the state directory, with the version that can go on with it. One without the
 * file is new, or so old that its journal tells; a copy of a journal alone may be gone on with, too. A damaged file is no
 * hindrance where the journal, which has a format of its own, holds a migration.
 */
export function checkStateFormat(directory: string): void {
  const file = stateFile(directory)
  if (!existsSync(file)) return
  const stamp = readStamp(file)
  if (stamp === undefined && !journalHasEntries(directory)) {
    throw new Failure(
      { key: 'run.stateFileDamaged', values: { file } },
      { remedy: { key: 'run.stateFileDamaged.remedy', values: { file } } },
    )
  }
  if (stamp === undefined || stamp.format <= stateFormat) return
  const values = { directory, found: stamp.format, known: stateFormat, version: programVersion() }
  throw new Failure(
    { key: 'run.stateNewer', values },
    { remedy: { key: 'run.stateNewer.remedy', values: { version: stamp.minimumVersion } } },
  )
}

/** Says in a new state directory who made it, and in one whose file is damaged: then true. Call it under the lock. */
export function stampState(directory: string): boolean {
  const file = stateFile(directory)
  const isDamaged = isStateFileDamaged(directory)
  if (existsSync(file) && !isDamaged) return false
  writeStamp(file)
  return isDamaged
}

/** What this program writes there is of its own format: an older one reads it no more. Without a stamp nothing happens. */
export function raiseStateFormat(directory: string): void {
  const file = stateFile(directory)
  const found = existsSync(file) ? readStamp(file)?.format : undefined
  if (found !== undefined && found < stateFormat) writeStamp(file)
}

function writeStamp(file: string): void {
  const content = { format: stateFormat, programVersion: programVersion(), minimumVersion: firstVersion }
  // on the disk before it has its name: an empty one after a power cut would have to be rebuilt
  const unnamed = `${file}.${process.pid}.new`
  writeFileSync(unnamed, `${JSON.stringify(content)}\n`, { mode: 0o600, flush: true })
  renameSync(unnamed, file)
}

/** It is there and says nothing; the next program that takes the lock writes it again. */
export const isStateFileDamaged = (directory: string): boolean =>
  existsSync(stateFile(directory)) && readStamp(stateFile(directory)) === undefined

/** Undefined when the file is damaged. */
function readStamp(file: string): z.infer<typeof written> | undefined {
  try {
    return written.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function journalHasEntries(directory: string): boolean {
  const file = join(directory, 'journal.db')
  if (!journalExists(file)) return false
  const journal = readJournal(file)
  try {
    return journal.head().entries > 0
  } finally {
    journal.close()
  }
}

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../model/failure.ts'
import { programVersion } from '../model/version.ts'

/** Grows when lock, inbox or the files of a state directory change their form; the journal has a format of its own. */
const stateFormat = 2
/** The first version that knows this format. */
const firstVersion = '0.2.0'

const stateFile = (directory: string): string => join(directory, 'state.json')
const written = z.looseObject({ format: z.number(), programVersion: z.string(), minimumVersion: z.string() })

/**
 * Throws Failure when a newer program has made the state directory, with the version that can go on with it. One without the
 * file is new, or so old that its journal tells; a copy of a journal alone may be gone on with, too.
 */
export function checkStateFormat(directory: string): void {
  const file = stateFile(directory)
  if (!existsSync(file)) return
  const { format, minimumVersion: version } = readFormat(directory, file)
  if (format <= stateFormat) return
  const values = { directory, found: format, known: stateFormat, version: programVersion() }
  throw new Failure(
    { key: 'run.stateNewer', values },
    { remedy: { key: 'run.stateNewer.remedy', values: { version } } },
  )
}

/** Says in a new state directory who made it. Call it under the lock. */
export function stampState(directory: string): void {
  const file = stateFile(directory)
  if (existsSync(file)) return
  const content = { format: stateFormat, programVersion: programVersion(), minimumVersion: firstVersion }
  // on the disk before it has its name: an empty one after a power cut would keep everybody out
  writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

function readFormat(directory: string, file: string): z.infer<typeof written> {
  try {
    return written.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const detail = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new Failure(
      { key: 'run.stateUnusable', values: { directory, detail: `${file}: ${detail}` } },
      { remedy: { key: 'run.stateUnusable.remedy', values: { directory } }, cause },
    )
  }
}

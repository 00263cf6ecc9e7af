import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../../src/model/run.ts'
import { lastRun } from '../demo/last-run.ts'
import type { Stage } from '../demo/stage.ts'
import { readEntries } from '../demo/verdict.ts'

/** The live run, once it has begun. */
export function theNight({ stateDirectory }: Pick<Stage, 'stateDirectory'>): Run | undefined {
  const run = lastRun(stateDirectory)
  return run?.mode === 'live' ? run : undefined
}

/** How far the night has come, for those who wait for a moment of it. Asked many times in a second: it reads and counts, no more. */
export function entriesOfNight({ stateDirectory }: Pick<Stage, 'stateDirectory'>): number {
  if (!existsSync(join(stateDirectory, 'journal.db'))) return 0
  const entries = readEntries(stateDirectory)
  const begun = entries.findLast(({ event }) => event.type === 'run.started' && event.mode === 'live')
  return begun === undefined ? 0 : entries.filter(({ run }) => run === begun.run).length
}

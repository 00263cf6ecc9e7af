import type { Run } from '../../src/model/run.ts'
import { lastRun } from '../demo/last-run.ts'
import type { Stage } from '../demo/stage.ts'
import { readEntries } from '../demo/verdict.ts'

/** The live run, once it has begun. */
export function theNight({ stateDirectory }: Stage): Run | undefined {
  const run = lastRun(stateDirectory)
  return run?.mode === 'live' ? run : undefined
}

/** How far the night has come, for those who wait for a moment of it. */
export function entriesOfNight(stage: Stage): number {
  const run = theNight(stage)
  if (run === undefined) return 0
  return readEntries(stage.stateDirectory).filter(entry => entry.run === run.id).length
}

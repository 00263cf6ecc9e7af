import { setTimeout as wait } from 'node:timers/promises'
import type { Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { lastRun } from './last-run.ts'

const patienceSeconds = 120

/** The run as it is then. Throws Error when it does not come to that. */
export async function untilRun(
  stateDirectory: string,
  mode: RunMode,
  what: string,
  isSo: (run: Run) => boolean,
): Promise<Run> {
  for (const end = Date.now() + patienceSeconds * 1000; Date.now() < end; await wait(200)) {
    const run = lastRun(stateDirectory)
    if (run?.mode === mode && isSo(run)) return run
    if (run?.mode === mode && run.outcome !== undefined) break
  }
  throw new Error(`it never came to be that ${what}`)
}

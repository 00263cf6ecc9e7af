import type { Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { until } from '../until.ts'
import { lastRun } from './last-run.ts'

const patienceSeconds = 120

/** The run as it is then. Throws Error when it does not come to that. */
export async function untilRun(
  stateDirectory: string,
  mode: RunMode,
  what: string,
  isSo: (run: Run) => boolean,
): Promise<Run> {
  const look = (): Run | 'ended' | undefined => {
    const run = lastRun(stateDirectory)
    if (run?.mode !== mode) return undefined
    if (isSo(run)) return run
    return run.outcome === undefined ? undefined : 'ended'
  }
  const seen = await until(look, { seconds: patienceSeconds, everySeconds: 0.2 })
  if (seen !== undefined && seen !== 'ended') return seen
  throw new Error(`it never came to be that ${what}`)
}

// A run that kills itself with -9 right after one journal write: argv is one JSON object, see KilledRun.
import { Temporal } from 'temporal-polyfill'
import { takeAuthority } from '../../src/cli/authority.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Entry } from '../../src/model/event.ts'
import { openPlan } from '../../src/plan/load.ts'
import { resumeRun, startRun } from '../../src/run/session.ts'
import { writeName } from './writes.ts'

export type KilledRun = {
  planFiles: string[]
  stateDirectory: string
  /** Goes on with the last run instead of beginning a live one. */
  resume: boolean
  /** Names of writes to die after; undefined: any. */
  targets?: string[]
  /** Writes that some earlier life has died after already. */
  survived: string[]
}

const asked = JSON.parse(process.argv[2] ?? '') as KilledRun
const targets = asked.targets && new Set(asked.targets)
const survived = new Set(asked.survived)

function dieAfter({ event }: Entry): void {
  const name = writeName(event)
  // a life that dies at once on resuming would never come further
  if (event.type === 'run.resumed' || survived.has(name)) return
  if (targets === undefined || targets.has(name)) process.kill(process.pid, 'SIGKILL')
}

const kinds = await loadKinds()
const plan = await openPlan(asked.planFiles, kinds)
const { stateDirectory } = asked
const session = {
  plan,
  kinds,
  stateDirectory,
  by: 'campaign',
  takeAuthority: takeAuthority(kinds, true),
  onEntry: dieAfter,
}
const { ended } = asked.resume
  ? await resumeRun(session)
  : await startRun({
      ...session,
      mode: 'live',
      startAt: Temporal.Now.instant(),
      withoutRehearsal: 'a campaign of nights alone',
    })
process.stdout.write(ended)

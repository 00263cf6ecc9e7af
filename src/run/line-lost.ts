import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import { gateBefore, type StageId, stages } from '../model/stage.ts'
import type { Runbook, Step } from '../model/step.ts'
import { after } from './executor-command.ts'
import { stepState } from './fold-step.ts'

export const isLineLost = (run: Run): boolean => Object.keys(run.linesLost).length > 0

/** The line that is lost now, by its component, since when it is waited for, and the instant at which it is no longer. */
export type LineLostLimit = { component: string; from: string; until: Temporal.Instant }

/**
 * How long a lost line is waited for: `rollback.lineLost` from its loss, or from when users were cut if that came later.
 * Undefined when it is waited for as long as it takes: nobody is kept out yet, or users are coming back already, when what
 * they write at the target counts and going back is for people. A person who holds the run has taken it in hand.
 */
export function lineLostLimit(runbook: Runbook, run: Run, plan: Plan): LineLostLimit | undefined {
  if (run.mode !== 'live' || run.held !== undefined) return undefined
  const lost = Object.values(run.linesLost).sort((one, other) =>
    Temporal.Instant.compare(one.at, other.at),
  )[0]
  const cut = usersCutAt(runbook, run)
  if (lost === undefined || cut === undefined) return undefined
  const from = Temporal.Instant.compare(cut, lost.at) > 0 ? cut : lost.at
  return { component: lost.component, from, until: after(from, plan.rollback.lineLostSeconds) }
}

const placeOf = (stage: StageId): number => stages.findIndex(({ id }) => id === stage)
const [cutBegins, usersReturn] = [placeOf(gateBefore.go), placeOf('restore-service')]

/** Since when users are kept out. Undefined before that, and as soon as a step lets them back in. */
function usersCutAt(runbook: Runbook, run: Run): string | undefined {
  const touched = runbook.steps.filter(({ id }) => stepState(run, id).mayHaveChanged)
  const isPast = (place: number) => (step: Step) => placeOf(step.stage) >= place
  if (touched.some(isPast(usersReturn))) return undefined
  return touched
    .filter(isPast(cutBegins))
    .flatMap(({ id }) => stepState(run, id).startedAt ?? stepState(run, id).endedAt ?? [])
    .sort(Temporal.Instant.compare)[0]
}

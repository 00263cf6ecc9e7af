import type { Temporal } from 'temporal-polyfill'
import type { Written } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { Run, StepState } from '../model/run.ts'
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
  const lost = first(Object.values(run.linesLost))
  const cut = usersCut(runbook, run)
  if (lost === undefined || cut === undefined) return undefined
  const from = cut.sequence > lost.sequence ? cut.at : lost.at
  return { component: lost.component, from, until: after(from, plan.rollback.lineLostSeconds) }
}

const placeOf = (stage: StageId): number => stages.findIndex(({ id }) => id === stage)
const [cutBegins, usersReturn] = [placeOf(gateBefore.go), placeOf('restore-service')]

/** By the order of the journal: a program that goes on may have another clock. */
const first = <T extends Written>(all: readonly T[]): T | undefined =>
  all.toSorted((one, other) => one.sequence - other.sequence)[0]

/** Since when users are kept out. Undefined before that, and as soon as a step lets them back in. */
function usersCut(runbook: Runbook, run: Run): Written | undefined {
  const touched = runbook.steps.filter(({ id }) => stepState(run, id).mayHaveChanged)
  const isPast = (place: number) => (step: Step) => placeOf(step.stage) >= place
  if (touched.some(isPast(usersReturn))) return undefined
  return first(touched.filter(isPast(cutBegins)).flatMap(({ id }) => touchedBy(stepState(run, id))))
}

/** Its start, or the word of who did it by hand. */
function touchedBy({ startedAt, startedSequence, endedAt, endedSequence }: StepState): Written[] {
  const at = startedAt ?? endedAt
  return at === undefined ? [] : [{ at, sequence: startedSequence ?? endedSequence ?? 0 }]
}

import type { Event, Written } from '../model/event.ts'
import type { Run, StepState } from '../model/run.ts'

type StepEvent = Extract<Event, { type: 'step.started' | 'step.done' | 'step.failed' }>

const untouched: StepState = { status: 'waiting', attempt: 0, failures: 0, mayHaveChanged: false }

export const stepState = (run: Run, step: string): StepState => run.steps[step] ?? untouched

export const withStep = (run: Run, step: string, change: Partial<StepState>): Run => ({
  ...run,
  steps: { ...run.steps, [step]: { ...stepState(run, step), ...change } },
})

export function foldStep(run: Run, event: StepEvent, { at, sequence }: Written): Run {
  const before = stepState(run, event.step)
  const { attempt } = event
  switch (event.type) {
    case 'step.started':
      return withStep(forgetful(run, event.step), event.step, {
        ...{ status: 'running', attempt, mayHaveChanged: true, startedAt: at, startedSequence: sequence },
      })
    case 'step.done':
      return withStep(run, event.step, {
        status: 'done',
        attempt,
        how: event.how,
        endedAt: at,
        endedSequence: sequence,
        mayHaveChanged: event.how !== 'site-given-up' || before.mayHaveChanged,
        ...(event.result && { result: event.result }),
      })
    case 'step.failed':
      if (event.aborted === 'line-lost') return withStep(run, event.step, { status: 'paused', attempt })
      return withStep(run, event.step, {
        status: 'failed',
        attempt,
        failure: event.failure,
        endedAt: at,
        endedSequence: sequence,
        failures: before.failures + 1,
        ...(isReturnPathBad(run) && { isForPeople: true }),
      })
  }
}

/** Of the next attempt nothing is known yet. */
function forgetful(run: Run, step: string): Run {
  const { isForPeople: _of, ...state } = stepState(run, step)
  return { ...run, steps: { ...run.steps, [step]: state } }
}

const isReturnPathBad = (run: Run): boolean =>
  Object.values(run.returnPaths).some(({ state }) => state !== 'good')

/** A return path was looked at: what has failed until now waits for people once it is not good. */
export function failuresForPeople(run: Run): Run {
  if (!isReturnPathBad(run)) return run
  return Object.entries(run.steps)
    .filter(([, { status }]) => status === 'failed')
    .reduce((changed, [step]) => withStep(changed, step, { isForPeople: true }), run)
}

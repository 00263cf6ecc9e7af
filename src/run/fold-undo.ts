import type { Event, Written } from '../model/event.ts'
import type { Run, UndoState } from '../model/run.ts'
import { stepState, withStep } from './fold-step.ts'

type UndoEvent = Extract<Event, { type: 'undo.started' | 'undo.done' | 'undo.failed' }>

export const undoState = (run: Run, step: string): UndoState =>
  stepState(run, step).undo ?? { status: 'waiting', attempt: 0, failures: 0 }

export const withUndo = (run: Run, step: string, change: Partial<UndoState>): Run =>
  withStep(run, step, { undo: { ...undoState(run, step), ...change } })

function current(run: Run, step: string): Run {
  const { outdated: _outdated, ...undo } = undoState(run, step)
  return withStep(run, step, { undo })
}

export function foldUndo(before: Run, event: UndoEvent, { at, sequence }: Written): Run {
  const { attempt } = event
  const run = current(before, event.step)
  switch (event.type) {
    case 'undo.started':
      return withUndo(run, event.step, { status: 'running', attempt, startedAt: at })
    case 'undo.done':
      return withUndo(run, event.step, {
        ...{ status: 'done', attempt, how: event.how, endedAt: at, endedSequence: sequence },
      })
    case 'undo.failed': {
      if (event.aborted === 'site-given-up') return withUndo(run, event.step, { status: 'waiting', attempt })
      const failures = undoState(run, event.step).failures + 1
      return withUndo(run, event.step, {
        status: 'failed',
        attempt,
        failure: event.failure,
        endedAt: at,
        endedSequence: sequence,
        failures,
      })
    }
  }
}

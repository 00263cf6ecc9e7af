import type { Event } from '../model/event.ts'
import type { Run, UndoState } from '../model/run.ts'
import { stepState, withStep } from './fold-step.ts'

type UndoEvent = Extract<Event, { type: 'undo.started' | 'undo.done' | 'undo.failed' }>

export const undoState = (run: Run, step: string): UndoState =>
  stepState(run, step).undo ?? { status: 'waiting', attempt: 0, failures: 0 }

export const withUndo = (run: Run, step: string, change: Partial<UndoState>): Run =>
  withStep(run, step, { undo: { ...undoState(run, step), ...change } })

export function foldUndo(run: Run, event: UndoEvent, at: string): Run {
  const { attempt } = event
  switch (event.type) {
    case 'undo.started':
      return withUndo(run, event.step, { status: 'running', attempt, startedAt: at })
    case 'undo.done':
      return withUndo(run, event.step, { status: 'done', attempt, how: event.how, endedAt: at })
    case 'undo.failed': {
      const failures = undoState(run, event.step).failures + 1
      return withUndo(run, event.step, {
        status: 'failed',
        attempt,
        failure: event.failure,
        endedAt: at,
        failures,
      })
    }
  }
}

import { secondsBetween } from '../model/instant.ts'
import type { StepState, UndoState } from '../model/run.ts'
import type { StageId } from '../model/stage.ts'
import type { Step } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { beginsNothingNew, type RunView } from './run-view.ts'

/** Where a step is, its undo included: what a person needs to tell apart at a glance. */
export type RowState =
  | 'waiting'
  /** Never begun, and the run begins nothing any more: it has ended, or is rolled back. */
  | 'not-executed'
  | 'running'
  | 'interrupted'
  /** Its transfer waits for a line that is lost. */
  | 'paused'
  | 'done'
  | 'found-done'
  | 'by-hand'
  | 'skipped'
  /** Passed over: it has nothing to do without the site that is given up. */
  | 'site-given-up'
  | 'failed'
  | 'undoing'
  | 'undo-interrupted'
  | 'undone'
  | 'undone-by-hand'
  /** A person skipped its undo. */
  | 'undo-skipped'
  /** Its undo is impossible, and the runbook says why. */
  | 'kept'
  /** Its undo was passed over: it has nothing to do without the site that is given up. */
  | 'undo-passed-over'
  | 'undo-failed'

/** Shape beside the word: state never rests on colour alone. */
export const symbols: Record<RowState, string> = {
  waiting: '○',
  'not-executed': '−',
  running: '▶',
  interrupted: '!',
  paused: '⏸',
  done: '✔',
  'found-done': '✔',
  'by-hand': '✎',
  skipped: '−',
  'site-given-up': '−',
  failed: '✖',
  undoing: '◀',
  'undo-interrupted': '!',
  undone: '↩',
  'undone-by-hand': '✎',
  'undo-skipped': '−',
  kept: '−',
  'undo-passed-over': '−',
  'undo-failed': '‼',
}

export type StepRow = {
  id: string
  title: Text
  stage: StageId
  component: string
  owner: string
  state: RowState
  attempt: number
  /** Failed, and not tried again by itself. */
  exhausted: boolean
  plannedStart?: string
  plannedEnd?: string
  plannedSeconds: number
  startedAt?: string
  endedAt?: string
  /** So far, when the step is running. */
  actualSeconds?: number
  /** Forecast end of what has not ended yet. */
  projectedEnd?: string
  /** Actual (or projected) end minus planned end; positive is late. */
  lateSeconds?: number
  undo?: { startedAt?: string; endedAt?: string; plannedSeconds: number }
}

export function stepRows(runView: RunView): StepRow[] {
  return runView.runbook.steps.map(step => stepRow(runView, step))
}

function stepRow(runView: RunView, step: Step): StepRow {
  const state = runView.run?.steps[step.id]
  const times = runView.forecast.steps[step.id]
  const ended = state?.endedAt
  const running = state?.status === 'running' || state?.status === 'interrupted'
  const shownState = rowState(state, step, runView)
  const hasEnded = runView.run?.finishedAt !== undefined || shownState === 'not-executed'
  const end = ended ?? (hasEnded ? undefined : times?.projectedEnd)
  return {
    id: step.id,
    title: step.title,
    stage: step.stage,
    component: step.component,
    owner: step.owner,
    state: shownState,
    attempt: state?.attempt ?? 0,
    exhausted: isExhausted(state, step, runView),
    plannedSeconds: step.expectedSeconds,
    ...(times ? { plannedStart: times.plannedStart, plannedEnd: times.plannedEnd } : {}),
    ...(state?.startedAt ? { startedAt: state.startedAt } : {}),
    ...(ended ? { endedAt: ended } : {}),
    ...(state?.startedAt && (ended || running)
      ? { actualSeconds: Math.max(0, secondsBetween(state.startedAt, ended ?? runView.now)) }
      : {}),
    ...(!ended && end ? { projectedEnd: end } : {}),
    ...(times && end ? { lateSeconds: secondsBetween(times.plannedEnd, end) } : {}),
    ...(state?.undo
      ? {
          undo: {
            ...instants(state.undo),
            plannedSeconds: step.undo.possible ? step.undo.expectedSeconds : 0,
          },
        }
      : {}),
  }
}

function isExhausted(state: StepState | undefined, step: Step, runView: RunView): boolean {
  if (state?.undo?.status === 'failed') return state.undo.failures >= runView.plan.rollback.undoAttempts
  return state?.status === 'failed' && state.failures >= step.attempts
}

function instants(of: { startedAt?: string; endedAt?: string }): { startedAt?: string; endedAt?: string } {
  return {
    ...(of.startedAt ? { startedAt: of.startedAt } : {}),
    ...(of.endedAt ? { endedAt: of.endedAt } : {}),
  }
}

function rowState(state: StepState | undefined, step: Step, { run }: RunView): RowState {
  const never = state === undefined || (state.status === 'waiting' && !state.mayHaveChanged)
  if (never) return beginsNothingNew(run) ? 'not-executed' : 'waiting'
  if (state.undo && state.undo.status !== 'waiting') return undoState(state.undo, step)
  if (state.status !== 'done') return state.status
  return state.how === undefined || state.how === 'applied' ? 'done' : state.how
}

function undoState(undo: UndoState, step: Pick<Step, 'undo'>): RowState {
  switch (undo.status) {
    case 'running':
      return 'undoing'
    case 'interrupted':
      return 'undo-interrupted'
    case 'failed':
      return 'undo-failed'
    default:
      if (undo.how === 'site-given-up') return 'undo-passed-over'
      if (!step.undo.possible) return 'kept'
      return undo.how === 'by-hand' ? 'undone-by-hand' : undo.how === 'skipped' ? 'undo-skipped' : 'undone'
  }
}

/** States in which the step no longer holds up those that wait for it. */
export function isComplete(state: RowState): boolean {
  return ['done', 'found-done', 'by-hand', 'skipped', 'site-given-up'].includes(state)
}

export function isUndone(state: RowState): boolean {
  return ['undone', 'undone-by-hand', 'undo-skipped', 'kept', 'undo-passed-over'].includes(state)
}

import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'
import { prerequisites } from '../runbook/graph.ts'
import type { DecisionClock, ExecutorCommand, RollbackSettings } from './executor-command.ts'
import { stepState } from './fold-step.ts'
import { undoState } from './fold-undo.ts'
import { isUndoPassedOver } from './given-up/passed-over.ts'
import { decideDeadTarget } from './given-up/target.ts'

/**
 * The undos, in reverse of what really happened: a step is undone once every touched step that waited for it,
 * directly or not, has been. What never started is not undone.
 */
export function decideRollback(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  moment: DecisionClock,
): ExecutorCommand[] {
  const settings = plan.rollback
  const running = runbook.steps.filter(step => stepState(run, step.id).status === 'running')
  if (running.length > 0) return running.map(step => ({ do: 'abort', step: step.id, why: 'rollback' }))
  const pending = runbook.steps.filter(step => mustBeUndone(step, run))
  const overdue = pending.flatMap(step => overdueUndo(step, run, moment))
  if (run.held !== undefined) return overdue
  const dead = decideDeadTarget(runbook, run, plan)
  if (dead.length > 0) return [...overdue, ...dead]
  const waits = prerequisites(runbook)
  const free = pending.filter(step => !pending.some(other => waits.get(other.id)?.has(step.id)))
  const commands = [...overdue, ...free.flatMap(step => decideUndo(step, run, settings, moment))]
  if (commands.length > 0) return commands
  if (pending.length === 0) {
    if (run.rollback?.trigger === 'rehearsal') return [{ do: 'finish', outcome: 'rehearsed' }]
    const byHand = runbook.steps.some(step => endedByPerson(step, run))
    return [{ do: 'finish', outcome: byHand ? 'rolled-back-by-hand' : 'rolled-back' }]
  }
  const alive = free.some(step => !undoExhausted(step, run, settings))
  return alive ? [] : [{ do: 'finish', outcome: 'rollback-failed' }]
}

function mustBeUndone(step: Step, run: Run): boolean {
  return stepState(run, step.id).mayHaveChanged && undoState(run, step.id).status !== 'done'
}

/** Done by hand or skipped. An undo that is impossible is passed over by the executor itself, which is no one's word. */
function endedByPerson(step: Step, run: Run): boolean {
  const { how } = undoState(run, step.id)
  return step.undo.possible && (how === 'by-hand' || how === 'skipped')
}

const undoExhausted = (step: Step, run: Run, settings: RollbackSettings): boolean => {
  const state = undoState(run, step.id)
  return state.status === 'failed' && state.failures >= settings.undoAttempts
}

function overdueUndo(step: Step, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const { status, startedAt, outdated } = undoState(run, step.id)
  if (status !== 'running' || startedAt === undefined || !step.undo.possible) return []
  if (outdated === true) return [{ do: 'abort-undo', step: step.id, why: 'site-given-up' }]
  return moment.isOver(startedAt, step.undo.deadlineSeconds)
    ? [{ do: 'abort-undo', step: step.id, why: 'deadline' }]
    : []
}

function decideUndo(
  step: Step,
  run: Run,
  settings: RollbackSettings,
  moment: DecisionClock,
): ExecutorCommand[] {
  if (!step.undo.possible) return [{ do: 'pass-over-undo', step: step.id, how: 'skipped' }]
  const state = undoState(run, step.id)
  if (state.status === 'running') return []
  if (isUndoPassedOver(run, step)) return [{ do: 'pass-over-undo', step: step.id, how: 'site-given-up' }]
  const command: ExecutorCommand = { do: 'undo', step: step.id, attempt: state.attempt + 1 }
  switch (state.status) {
    case 'waiting':
    case 'interrupted':
      return [command]
    case 'failed':
      if (undoExhausted(step, run, settings)) return []
      return moment.mayTryAgain(state, settings.undoBackoffSeconds) ? [command] : []
    default:
      return []
  }
}

import type { SiteSide } from '../model/plan.ts'
import type { ExecutorCommand } from './executor-command.ts'
import type { ExecutorContext } from './executor-context.ts'
import { stepState } from './fold-step.ts'
import { hostsOfSide } from './sides.ts'
import { measureCheck, recoverStep, repairReturnPath, undoStep } from './work.ts'

/** Turns one decision into an entry and a task. False when it was under way already and nothing changed. */
export function applyCommand(command: ExecutorCommand, executor: ExecutorContext): boolean {
  switch (command.do) {
    case 'start':
      return start(executor, command.step, command.attempt)
    case 'recover':
      return recover(executor, command.step, command.attempt)
    case 'abort':
      return executor.tasks.abort(executor.keyOf(command.step), command.why)
    case 'abort-undo':
      return executor.tasks.abort(executor.keyOf(command.step), command.why)
    case 'reach':
      return written(executor, { type: 'gate.reached', gate: command.gate })
    case 'check':
      return check(executor, command)
    case 'abort-check':
      return executor.tasks.abort(executor.keyOf(`${command.gate}/${command.check}`), 'line-lost')
    case 'open':
      return written(executor, { type: 'gate.opened', gate: command.gate })
    case 'pass-over-step': {
      const { attempt } = stepState(executor.run, command.step)
      return written(executor, { type: 'step.done', step: command.step, attempt, how: 'site-given-up' })
    }
    case 'leave-out': {
      const { component, part, reason } = command
      return written(executor, { type: 'part.left-out', component, part, reason })
    }
    case 'roll-back':
      return rollBack(executor, command)
    case 'ask-site':
      return askSite(executor, command.side)
    case 'give-up': {
      const { side, silent, why } = command
      return written(executor, { type: 'site.given-up', side, silent, why, loses: [] })
    }
    case 'undo':
      return undo(executor, command.step, command.attempt)
    case 'pass-over-undo':
      return written(executor, { type: 'undo.done', step: command.step, attempt: 0, how: command.how })
    case 'repair':
      return repair(executor, command)
    case 'abort-repair':
      return executor.tasks.abort(repairKey(executor, command.component), command.why)
    case 'finish':
      return finish(executor, command)
  }
}

function written(executor: ExecutorContext, event: Parameters<ExecutorContext['record']>[0]): true {
  executor.record(event)
  return true
}

function start(executor: ExecutorContext, step: string, attempt: number): boolean {
  if (executor.tasks.has(executor.keyOf(step))) return false
  executor.record({ type: 'step.started', step, attempt })
  executor.startStep(step, attempt)
  return true
}

function recover(executor: ExecutorContext, step: string, attempt: number): boolean {
  const key = executor.keyOf(step)
  if (executor.tasks.has(key)) return false
  const context = executor.stepContext(step)
  executor.tasks.start(key, signal =>
    recoverStep(executor.input.ports.dispatch, key, attempt, context, signal),
  )
  return true
}

function check(executor: ExecutorContext, command: ExecutorCommand & { do: 'check' }): boolean {
  const key = executor.keyOf(`${command.gate}/${command.check}`)
  if (executor.tasks.has(key)) return false
  const { gate, attempt } = command
  const asked = executor.input.runbook.gates
    .find(one => one.id === gate)
    ?.checks.find(one => one.id === command.check)
  if (asked === undefined) return false
  executor.record({ type: 'check.started', gate, check: asked.id, attempt })
  const context = executor.measureContext()
  executor.tasks.start(key, signal =>
    measureCheck(executor.input.ports.dispatch, key, gate, asked, attempt, context, signal),
  )
  return true
}

export function askSite(executor: ExecutorContext, side: SiteSide): boolean {
  const key = executor.keyOf(`site/${side}`)
  if (executor.tasks.has(key)) return false
  const { plan, ports } = executor.input
  executor.tasks.start(key, async signal => {
    const silent = await ports.dispatch.silentHosts(plan, side, { key, signal, onProgress: () => {} })
    const answering = hostsOfSide(plan, side).filter(host => !silent.includes(host))
    return { type: 'site.asked', side, silent, answering }
  })
  return true
}

const repairKey = (executor: ExecutorContext, component: string): string =>
  executor.keyOf(`${component}/return-path`)

function repair(executor: ExecutorContext, command: ExecutorCommand & { do: 'repair' }): boolean {
  const { step, component, attempt } = command
  const key = repairKey(executor, component)
  if (executor.tasks.has(key)) return false
  executor.record({ type: 'return-path.repair-started', component, attempt })
  const context = executor.stepContext(step)
  const onProgress = executor.progressOf(step)
  executor.tasks.start(key, signal =>
    repairReturnPath(executor.input.ports, key, attempt, context, signal, onProgress),
  )
  return true
}

/** Checks that are still being measured have nothing to say any more; what makes a return path again is ended. */
function rollBack(
  executor: ExecutorContext,
  { trigger, why }: ExecutorCommand & { do: 'roll-back' },
): boolean {
  executor.record({ type: 'rollback.started', trigger, why })
  for (const component of Object.keys(executor.run.repair?.components ?? {}))
    executor.tasks.abort(repairKey(executor, component), 'rollback')
  for (const gate of executor.input.runbook.gates) {
    for (const { id } of gate.checks) executor.tasks.abort(executor.keyOf(`${gate.id}/${id}`), 'rollback')
  }
  return true
}

/** An attempt of the step itself that still runs (a recovery) is ended first: two hands never work on one step. */
function undo(executor: ExecutorContext, step: string, attempt: number): boolean {
  const key = executor.keyOf(step)
  if (executor.tasks.has(key)) return executor.tasks.abort(key, 'rollback')
  const context = executor.stepContext(step)
  // a repair that the rollback has ended is not over yet
  if (executor.tasks.has(repairKey(executor, context.component.id))) return false
  const state = stepState(executor.run, step)
  const wasInterrupted = state.status === 'interrupted' || state.undo?.status === 'interrupted'
  executor.record({ type: 'undo.started', step, attempt })
  const onProgress = executor.progressOf(step)
  executor.tasks.start(key, signal =>
    undoStep(executor.input.ports, wasInterrupted, key, attempt, context, signal, onProgress),
  )
  return true
}

/** A check that is still being measured is not waited for, but nothing may run once the run has an outcome. */
function finish(executor: ExecutorContext, command: ExecutorCommand & { do: 'finish' }): boolean {
  if (executor.tasks.size > 0) return false
  return written(executor, { type: 'run.finished', outcome: command.outcome })
}

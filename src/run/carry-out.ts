import type { Action } from './decision.ts'
import { stepState } from './fold-step.ts'
import type { Office } from './office.ts'
import { measureCheck, recoverStep, undoStep } from './work.ts'

/** Turns one decision into an entry and a task. False when it was under way already and nothing changed. */
export function carryOut(action: Action, office: Office): boolean {
  switch (action.do) {
    case 'start':
      return start(office, action.step, action.attempt)
    case 'recover':
      return recover(office, action.step, action.attempt)
    case 'abort':
      return office.tasks.abort(office.keyOf(action.step), action.why)
    case 'abort-undo':
      return office.tasks.abort(office.keyOf(action.step), 'deadline')
    case 'reach':
      return written(office, { type: 'gate.reached', gate: action.gate })
    case 'check':
      return check(office, action)
    case 'abort-check':
      return office.tasks.abort(office.keyOf(`${action.gate}/${action.check}`), 'line-lost')
    case 'open':
      return written(office, { type: 'gate.opened', gate: action.gate })
    case 'roll-back':
      return rollBack(office, action)
    case 'undo':
      return undo(office, action.step, action.attempt)
    case 'leave':
      return written(office, { type: 'undo.done', step: action.step, attempt: 0, how: 'skipped' })
    case 'finish':
      return finish(office, action)
  }
}

function written(office: Office, event: Parameters<Office['record']>[0]): true {
  office.record(event)
  return true
}

function start(office: Office, step: string, attempt: number): boolean {
  if (office.tasks.has(office.keyOf(step))) return false
  office.record({ type: 'step.started', step, attempt })
  office.startStep(step, attempt)
  return true
}

function recover(office: Office, step: string, attempt: number): boolean {
  const key = office.keyOf(step)
  if (office.tasks.has(key)) return false
  const context = office.stepContext(step)
  office.tasks.start(key, signal => recoverStep(office.input.ports.dispatch, key, attempt, context, signal))
  return true
}

function check(office: Office, action: Action & { do: 'check' }): boolean {
  const key = office.keyOf(`${action.gate}/${action.check}`)
  if (office.tasks.has(key)) return false
  const { gate, attempt } = action
  const asked = office.input.runbook.gates
    .find(one => one.id === gate)
    ?.checks.find(one => one.id === action.check)
  if (asked === undefined) return false
  office.record({ type: 'check.started', gate, check: asked.id, attempt })
  const context = office.measureContext()
  office.tasks.start(key, signal =>
    measureCheck(office.input.ports.dispatch, key, gate, asked, attempt, context, signal),
  )
  return true
}

/** Checks that are still being measured have nothing to say any more. */
function rollBack(office: Office, { trigger, why }: Action & { do: 'roll-back' }): boolean {
  office.record({ type: 'rollback.started', trigger, why })
  for (const gate of office.input.runbook.gates) {
    for (const { id } of gate.checks) office.tasks.abort(office.keyOf(`${gate.id}/${id}`), 'rollback')
  }
  return true
}

/** An attempt of the step itself that still runs (a recovery) is ended first: two hands never work on one step. */
function undo(office: Office, step: string, attempt: number): boolean {
  const key = office.keyOf(step)
  if (office.tasks.has(key)) return office.tasks.abort(key, 'rollback')
  const state = stepState(office.run, step)
  const wasInterrupted = state.status === 'interrupted' || state.undo?.status === 'interrupted'
  office.record({ type: 'undo.started', step, attempt })
  const context = office.stepContext(step)
  const onProgress = office.progressOf(step)
  office.tasks.start(key, signal =>
    undoStep(office.input.ports, wasInterrupted, key, attempt, context, signal, onProgress),
  )
  return true
}

/** A check that is still being measured is not waited for, but nothing may run once the run has an outcome. */
function finish(office: Office, action: Action & { do: 'finish' }): boolean {
  if (office.tasks.size > 0) return false
  return written(office, { type: 'run.finished', outcome: action.outcome })
}

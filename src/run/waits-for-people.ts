import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook, Step } from '../model/step.ts'
import { exhausted } from './decide.ts'
import { checkEnded } from './decide-gate.ts'
import { checkState } from './fold-gate.ts'
import { stepState } from './fold-step.ts'
import { hasNoWayBack, isSourceLost } from './given-up/source.ts'
import { partsMissed } from './left-out.ts'
import { isLineLost } from './line-lost.ts'
import { isRepairing, isRollbackForPeople } from './return-path.ts'

/** True when nothing runs and only a person's order can bring the run on: it is held, or a gate waits with its checks ended. */
export function waitsForPeople(runbook: Runbook, run: Run, plan: Plan): boolean {
  const isRunning = runbook.steps.some(step =>
    ['running', 'interrupted'].includes(stepState(run, step.id).status),
  )
  if (isRunning || run.rollback !== undefined || run.rollbackOrdered !== undefined) return false
  if (run.held !== undefined) return true
  if (isLineLost(run)) return false
  if (isSourceLost(runbook, run, plan)) return true
  const failed = runbook.steps.filter(step => !step.beside && exhausted(step, run))
  const noWayBack = hasNoWayBack(run)
  const isForPeople = ({ id }: Step) =>
    noWayBack || isRollbackForPeople(runbook, run) || stepState(run, id).isForPeople === true
  if (!isRepairing(run) && failed.some(step => isForPeople(step) || partsMissed(step, run).length > 0))
    return true
  return runbook.gates.some(gate => {
    const state = run.gates[gate.id]
    if (state === undefined || state.openedAt !== undefined) return false
    return gate.checks.every(check => checkEnded(check, checkState(run, gate.id, check.id)))
  })
}

import type { Temporal } from 'temporal-polyfill'
import { lastSafeMoment } from '../forecast/last-safe.ts'
import type { Outcome } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { Run, StepStatus } from '../model/run.ts'
import type { Runbook, RunMode, Step, Trigger } from '../model/step.ts'
import { prerequisites } from '../runbook/graph.ts'
import { decideGate, refusedGate } from './decide-gate.ts'
import { decideRollback } from './decide-rollback.ts'
import { DecisionClock, type ExecutorCommand, type OnClock } from './executor-command.ts'
import { checkState } from './fold-gate.ts'
import { stepState } from './fold-step.ts'
import { isPassedOver } from './given-up/passed-over.ts'
import { hasNoWayBack, insteadOfRollback } from './given-up/source.ts'
import { partsMissed, plannedExceptions } from './left-out.ts'
import { isLineLost, lineLostLimit } from './line-lost.ts'
import { overrunAt, rollBackForOverrun, startsTooLate } from './overrun.ts'
import { isRepairing, isRollbackForPeople, returnPathSteps } from './return-path.ts'

export type Decision = { commands: ExecutorCommand[]; wakeAt?: Temporal.Instant }

/**
 * What to do now, from the runbook, what the journal says, and the time. Pure: no clock, no network, no chance. What the plan names by
 * its time is compared with `now`; how long something has taken, by `onClock`.
 * Called again after every event; an empty list means that something running, a person or `wakeAt` is waited for.
 */
export function decide(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  now: Temporal.Instant,
  onClock?: OnClock,
): Decision {
  const moment = new DecisionClock(now, onClock)
  const commands = run.outcome === undefined ? decideCommands(runbook, run, plan, moment) : []
  return { commands, ...(moment.wakeAt && { wakeAt: moment.wakeAt }) }
}

function decideCommands(runbook: Runbook, run: Run, plan: Plan, moment: DecisionClock): ExecutorCommand[] {
  if (run.rollback !== undefined) return decideRollback(runbook, run, plan, moment)
  const commands = decideForward(runbook, run, plan, moment)
  const back = commands.find(({ do: what }) => what === 'roll-back')
  const isAsked = back === undefined || ('trigger' in back && wanted.includes(back.trigger))
  const instead = isAsked ? undefined : insteadOfRollback(runbook, run, plan, moment)
  return instead === undefined ? commands : [...commands.filter(one => one.do === 'abort'), ...instead]
}

/** What people, or a rehearsal, asked for: a dead source does not keep it back. */
const wanted: readonly Trigger[] = ['order', 'no-go', 'rehearsal']

function decideForward(runbook: Runbook, run: Run, plan: Plan, moment: DecisionClock): ExecutorCommand[] {
  // there is no way back without a source
  const hasWayBack = !hasNoWayBack(run)
  const reason = hasWayBack ? rollbackReason(runbook, run, plan, moment) : undefined
  if (reason !== undefined) return [reason]
  const repairs = decideRepairs(runbook, run, moment)
  const aborts = runbook.steps.flatMap(step => overdue(step, run, moment))
  if (run.held !== undefined) return [...aborts, ...repairs]
  if (isLineLost(run)) return [...aborts, ...repairs, ...pausing(runbook, run), ...ending(runbook, run)]
  const going = [
    ...runbook.steps.flatMap(step => decideStep(runbook, step, run, moment)),
    ...runbook.gates
      .filter(gate => ready(runbook, gate.id, run))
      .flatMap(gate => decideGate(gate, run, moment))
      .filter(command => hasWayBack || command.do !== 'roll-back'),
  ]
  const tooLate = hasWayBack ? startsTooLate(runbook, run, plan, going, moment) : undefined
  if (tooLate !== undefined) return [...aborts, tooLate]
  return [...aborts, ...repairs, ...going, ...(repairs.length === 0 ? ending(runbook, run) : [])]
}

/** Where nobody has been cut off, a failure waits for people instead. */
const rollsBackAutomatically: Record<RunMode, boolean> = {
  preparation: false,
  rehearsal: true,
  live: true,
  close: false,
}
export const successOutcome: Record<RunMode, Outcome> = {
  preparation: 'prepared',
  rehearsal: 'rehearsed',
  live: 'moved',
  close: 'closed',
}

const notYet = new Set<StepStatus>(['waiting', 'paused'])

/** Transfers that go on where they were, once the line is back; what is measured without it says nothing. */
function pausing(runbook: Runbook, run: Run): ExecutorCommand[] {
  const transfers = runbook.steps
    .filter(step => step.transfer === 'resumes' && stepState(run, step.id).status === 'running')
    .map((step): ExecutorCommand => ({ do: 'abort', step: step.id, why: 'line-lost' }))
  const checks = runbook.gates.flatMap(({ id: gate, checks: asked }) =>
    asked
      .filter(({ id }) => checkState(run, gate, id).status === 'running')
      .map(({ id }): ExecutorCommand => ({ do: 'abort-check', gate, check: id })),
  )
  return [...transfers, ...checks]
}

/**
 * Once an order: one that failed waits for the next order, when people have seen why. It has the time of the step's undo, which
 * makes the same again where it has to.
 */
function decideRepairs(runbook: Runbook, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const { repair } = run
  if (repair === undefined) return []
  return returnPathSteps(runbook, run).flatMap(({ id: step, component, undo }): ExecutorCommand[] => {
    const state = repair.components[component]
    if (state?.status === 'running' && undo.possible && moment.isOver(state.at, undo.deadlineSeconds))
      return [{ do: 'abort-repair', component, why: 'deadline' }]
    if (state !== undefined && state.status !== 'interrupted') return []
    return [{ do: 'repair', step, component, attempt: (state?.attempt ?? 0) + 1 }]
  })
}

/** R4, NO-GO and orders; failures of steps are seen here too, so that one place says why a night is undone. */
function rollbackReason(
  runbook: Runbook,
  run: Run,
  plan: Plan,
  moment: DecisionClock,
): ExecutorCommand | undefined {
  if (run.rollbackOrdered !== undefined) {
    const { by, reason } = run.rollbackOrdered
    return { do: 'roll-back', trigger: 'order', why: { key: 'run.why.ordered', values: { by, reason } } }
  }
  const refused = refusedGate(runbook.gates, run)
  if (refused !== undefined) return refused
  // with users at the target and no way back for what they wrote, going back is for people
  if (!rollsBackAutomatically[run.mode] || isRollbackForPeople(runbook, run)) return undefined
  const failed = runbook.steps.find(
    step =>
      !step.beside &&
      exhausted(step, run) &&
      stepState(run, step.id).isForPeople !== true &&
      !waitsForWord(runbook, step, run, plan, moment),
  )
  if (failed !== undefined && run.held === undefined) {
    const values = { step: failed.id, attempts: stepState(run, failed.id).attempt }
    return { do: 'roll-back', trigger: failed.trigger, why: { key: 'run.why.stepFailed', values } }
  }
  const limit = lineLostLimit(runbook, run, plan)
  if (limit !== undefined && moment.isOver(limit.from, plan.rollback.lineLostSeconds)) {
    const values = { component: limit.component, seconds: plan.rollback.lineLostSeconds }
    return { do: 'roll-back', trigger: 'R4', why: { key: 'run.why.lineLost', values } }
  }
  const lastSafe = overrunAt(runbook, run, plan)
  return lastSafe !== undefined && moment.isPast(lastSafe) ? rollBackForOverrun(lastSafe, plan) : undefined
}

/**
 * A night is not undone at once for a part that can be left out: people are asked for it, until a rollback would no longer end in
 * the window.
 */
function waitsForWord(runbook: Runbook, step: Step, run: Run, plan: Plan, moment: DecisionClock): boolean {
  if (run.mode !== 'live' || partsMissed(step, run).length === 0) return false
  return !moment.isPast(lastSafeMoment(runbook, run, plan))
}

const hasEnded = (step: Step, run: Run): boolean =>
  stepState(run, step.id).status === 'done' || (step.beside === true && exhausted(step, run))

/** Nothing but a person, or a rollback, brings it on. */
const stuck = (step: Step, run: Run): boolean =>
  exhausted(step, run) && plannedExceptions(step, run).length === 0

export const exhausted = (step: Step, run: Run): boolean => {
  const state = stepState(run, step.id)
  return state.status === 'failed' && state.failures >= step.attempts
}

/**
 * All that it waits for, directly or not, is done: a step that a person has skipped does not let those behind it pass
 * before those in front of it.
 */
function ready(runbook: Runbook, node: string, run: Run): boolean {
  return [...(prerequisites(runbook).get(node) ?? [])].every(id => {
    const gate = run.gates[id as keyof typeof run.gates]
    return gate === undefined ? stepState(run, id).status === 'done' : gate.openedAt !== undefined
  })
}

function overdue(step: Step, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const { status, startedAt } = stepState(run, step.id)
  if (status !== 'running' || startedAt === undefined) return []
  return moment.isOver(startedAt, step.deadlineSeconds)
    ? [{ do: 'abort', step: step.id, why: 'deadline' }]
    : []
}

function decideStep(runbook: Runbook, step: Step, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const state = stepState(run, step.id)
  const attempt = state.attempt + 1
  if (isPassedOver(run, step) && state.status !== 'done') {
    if (state.status === 'running') return [{ do: 'abort', step: step.id, why: 'site-given-up' }]
    return ready(runbook, step.id, run) ? [{ do: 'pass-over-step', step: step.id }] : []
  }
  if (state.status === 'interrupted') return [{ do: 'recover', step: step.id, attempt }]
  if (state.status === 'failed') {
    const exceptions = plannedExceptions(step, run)
    if (exceptions.length > 0)
      return exceptions.map(({ part, reason }) => ({
        do: 'leave-out',
        component: step.component,
        part,
        reason,
      }))
    if (exhausted(step, run)) return []
    return moment.mayTryAgain(state, step.backoffSeconds) ? [{ do: 'start', step: step.id, attempt }] : []
  }
  if (!notYet.has(state.status) || !ready(runbook, step.id, run)) return []
  return [{ do: 'start', step: step.id, attempt }]
}

function ending(runbook: Runbook, run: Run): ExecutorCommand[] {
  const isRunning = runbook.steps.some(step => stepState(run, step.id).status === 'running')
  if (isRunning || isRepairing(run)) return []
  const complete =
    runbook.steps.every(step => hasEnded(step, run)) &&
    runbook.gates.every(gate => run.gates[gate.id]?.openedAt !== undefined)
  if (complete && run.mode === 'rehearsal') {
    return [{ do: 'roll-back', trigger: 'rehearsal', why: { key: 'run.why.rehearsal' } }]
  }
  if (complete) return [{ do: 'finish', outcome: successOutcome[run.mode] }]
  const isStuck =
    !rollsBackAutomatically[run.mode] && runbook.steps.some(step => !step.beside && stuck(step, run))
  const others = runbook.steps.some(step => {
    const state = stepState(run, step.id)
    if (state.status === 'failed') return !stuck(step, run)
    return state.status === 'interrupted' || (notYet.has(state.status) && ready(runbook, step.id, run))
  })
  return isStuck && !others ? [{ do: 'finish', outcome: 'failed' }] : []
}

import { Temporal } from 'temporal-polyfill'
import type { CheckState, Run } from '../model/run.ts'
import type { Check, Gate } from '../model/step.ts'
import { backoff, type DecisionClock, type ExecutorCommand } from './executor-command.ts'
import { checkState } from './fold-gate.ts'

/**
 * A gate's checks in their turns: those measured beside each other, then, a component at a time, those whose figures other
 * work would spoil. The figures of one component may come from one measurement, so they keep together.
 */
export function checkBatches({ checks }: Gate): Check[][] {
  const alone = Map.groupBy(
    checks.filter(check => check.alone),
    check => check.component,
  )
  return [checks.filter(check => !check.alone), ...alone.values()]
}

/** True when the check will not be measured again by itself. */
export function checkEnded(check: Check, state: CheckState): boolean {
  return (
    state.status === 'passed' ||
    isExcused(state) ||
    (state.status === 'failed' && state.failures >= check.attempts)
  )
}

/** It asks the site that the run does without: the order to go on without that site answers it. */
export const isExcused = ({ status, failure }: CheckState): boolean =>
  status === 'failed' && failure?.code === 'site-given-up'

/** Passed, excused, or failed where the plan only wants to be told. */
function checkLetsPass(check: Check, state: CheckState): boolean {
  if (state.status === 'passed' || isExcused(state)) return true
  return checkEnded(check, state) && check.onFailure === 'alert'
}

/** A gate that a role has refused. Nothing takes it back: neither a later GO, nor a hold, nor a lost line. */
export function refusedGate(gates: readonly Gate[], run: Run): ExecutorCommand | undefined {
  for (const { id: gate } of gates) {
    const signoffs = Object.entries(run.gates[gate]?.signoffs ?? {})
    const [role, signoff] = signoffs.find(([, { decision }]) => decision === 'no-go') ?? []
    if (signoff === undefined || role === undefined) continue
    const values = { gate, role, by: signoff.by, note: signoff.note ?? '' }
    return { do: 'roll-back', trigger: 'no-go', why: { key: 'run.why.noGo', values } }
  }
  return undefined
}

export function decideGate(gate: Gate, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const state = run.gates[gate.id]
  if (state === undefined) return [{ do: 'reach', gate: gate.id }]
  if (state.openedAt !== undefined) return []
  const commands = decideChecks(gate, run, moment)
  if (commands.length > 0) return commands
  const passes = gate.checks.every(check => checkLetsPass(check, checkState(run, gate.id, check.id)))
  const signed = gate.signoffs.every(role => state.signoffs[role]?.decision === 'go')
  if (!passes || !signed || !mayOpen(gate, run, moment)) return []
  const again = measureAgain(gate, run, moment)
  return again.length > 0 ? again : [{ do: 'open', gate: gate.id }]
}

/**
 * Everybody has said GO, and only now: to keep the figures young while people are waited for would load the line all evening. Turn by
 * turn, as at first.
 */
function measureAgain(gate: Gate, run: Run, moment: DecisionClock): ExecutorCommand[] {
  for (const turn of checkBatches(gate)) {
    const old = turn.filter(check => isOld(check, checkState(run, gate.id, check.id), run, moment))
    if (old.length > 0)
      return old.map(({ id: check }) => {
        const { attempt } = checkState(run, gate.id, check)
        return { do: 'check', gate: gate.id, check, attempt: attempt + 1 }
      })
  }
  return []
}

/** Measured too long ago, or before nobody looked for a while: it says nothing about now. */
function isOld({ maxAgeSeconds }: Check, state: CheckState, run: Run, moment: DecisionClock): boolean {
  const { status, at } = state
  if (maxAgeSeconds === undefined || status !== 'passed' || at === undefined) return false
  return isInterrupted(state, run) || moment.isOlder(at, maxAgeSeconds)
}

/** By the order of the journal: a program that goes on may have another clock. */
const isInterrupted = ({ sequence = 0 }: CheckState, { resumedSequence = 0 }: Run): boolean =>
  sequence < resumedSequence

/** What begins or ends the night in the first turn that has not ended. */
function decideChecks(gate: Gate, run: Run, moment: DecisionClock): ExecutorCommand[] {
  for (const turn of checkBatches(gate)) {
    const commands = turn.flatMap(check => decideCheck(gate, check, run, moment))
    const ended = turn.every(check => checkEnded(check, checkState(run, gate.id, check.id)))
    if (commands.length > 0 || !ended) return commands
  }
  return []
}

/** The cut does not begin before the window, however early everybody has said GO. One that the run began in is there already. */
function mayOpen(gate: Gate, run: Run, moment: DecisionClock): boolean {
  if (gate.id !== 'go' || Temporal.Instant.compare(run.windowStart, run.startedAt) <= 0) return true
  return moment.isPast(Temporal.Instant.from(run.windowStart))
}

function decideCheck(gate: Gate, check: Check, run: Run, moment: DecisionClock): ExecutorCommand[] {
  const state = checkState(run, gate.id, check.id)
  if (state.status === 'running') return []
  if (checkEnded(check, state)) {
    if (state.status === 'passed' || isExcused(state) || check.onFailure !== 'roll-back') return []
    const values = { check: check.id, component: check.component, value: state.value ?? '?' }
    const trigger = gate.id === 'integrity' ? 'R3' : 'failure'
    return [{ do: 'roll-back', trigger, why: { key: 'run.why.checkFailed', values } }]
  }
  // what failed before an interruption is not waited for, as for steps
  if (state.status === 'failed' && state.at !== undefined && !isInterrupted(state, run)) {
    if (!moment.isOver(state.at, backoff(check.backoffSeconds, state.failures))) return []
  }
  return [{ do: 'check', gate: gate.id, check: check.id, attempt: state.attempt + 1 }]
}

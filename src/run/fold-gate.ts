import type { Event, Written } from '../model/event.ts'
import type { CheckState, GateState, Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'

type GateEvent = Extract<
  Event,
  { type: 'gate.reached' | 'gate.opened' | 'check.started' | 'check.done' | 'check.failed' }
>

export const checkState = (run: Run, gate: GateId, check: string): CheckState =>
  run.gates[gate]?.checks[check] ?? { status: 'waiting', attempt: 0, failures: 0 }

export function foldGate(run: Run, event: GateEvent, written: Written): Run {
  const { at } = written
  switch (event.type) {
    case 'gate.reached':
      return withGate(run, event.gate, { reachedAt: at })
    case 'gate.opened':
      return withGate(run, event.gate, { openedAt: at })
    case 'check.started':
      return withCheck(run, event.gate, event.check, startedCheck(run, event, written))
    case 'check.done':
      return withCheck(run, event.gate, event.check, doneCheck(run, event, written))
    case 'check.failed':
      if (event.aborted === 'line-lost')
        return withCheck(run, event.gate, event.check, { status: 'interrupted', ...written })
      return withCheck(run, event.gate, event.check, {
        status: 'failed',
        attempt: event.attempt,
        ...written,
        failure: event.failure,
        failures: checkState(run, event.gate, event.check).failures + 1,
      })
  }
}

/** One that had passed is measured again because its figure is old: its attempts count from here. */
function startedCheck(
  run: Run,
  { gate, check, attempt }: Extract<GateEvent, { type: 'check.started' }>,
  written: Written,
): Partial<CheckState> {
  const isAgain = checkState(run, gate, check).status === 'passed'
  return { status: 'running', attempt, ...written, ...(isAgain && { failures: 0 }) }
}

function doneCheck(
  run: Run,
  event: Extract<GateEvent, { type: 'check.done' }>,
  written: Written,
): Partial<CheckState> {
  const { passed, attempt, value, unit, figures, detail, unverified } = event
  const failures = checkState(run, event.gate, event.check).failures + (passed ? 0 : 1)
  return {
    status: passed ? 'passed' : 'failed',
    attempt,
    ...written,
    value,
    unit,
    figures,
    failures,
    ...(detail !== undefined && { detail }),
    ...(unverified !== undefined && { unverified }),
  }
}

export function withGate(run: Run, gate: GateId, change: Partial<GateState>): Run {
  const before = run.gates[gate] ?? { reachedAt: '', checks: {}, signoffs: {} }
  return { ...run, gates: { ...run.gates, [gate]: { ...before, ...change } } }
}

export function withCheck(run: Run, gate: GateId, check: string, change: Partial<CheckState>): Run {
  const checks = { ...run.gates[gate]?.checks, [check]: { ...checkState(run, gate, check), ...change } }
  return withGate(run, gate, { checks })
}

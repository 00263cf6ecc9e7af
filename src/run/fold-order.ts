import type { Order, OrderRecord, Written } from '../model/event.ts'
import type { Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import { withCheck, withGate } from './fold-gate.ts'
import { stepState, withStep } from './fold-step.ts'
import { undoState, withUndo } from './fold-undo.ts'
import { givenUpBy, withSiteGivenUp } from './given-up/fold.ts'
import { withLeftOut } from './left-out.ts'
import { tryAgain } from './try-again.ts'

/**
 * What an accepted order changes. Whether it may be accepted is asked earlier, by `judgeOrder`. `at`: when the person gave it;
 * `sequence`: the entry from which it counts.
 */
export function foldOrder(run: Run, { order, by, at }: OrderRecord, sequence: number): Run {
  switch (order.do) {
    case 'go':
      return order.gate === undefined ? run : signed(run, order.gate, order, by, at)
    // Both undo the night: the hold of an earlier order does not keep it waiting.
    case 'no-go':
      return order.gate === undefined ? run : signed(released(run), order.gate, order, by, at)
    case 'hold':
      return { ...run, held: { at, by, ...(order.reason !== undefined && { reason: order.reason }) } }
    case 'resume':
      return { ...released(run), resumedSequence: sequence }
    case 'roll-back': {
      const { reason, without } = order
      const ordered = { ...released(run), rollbackOrdered: { at, by, reason } }
      return without === undefined ? ordered : withSiteGivenUp(ordered, givenUpBy(without, reason, by, at))
    }
    case 'repair-return-path':
      return { ...run, repair: { at, by, reason: order.reason, components: {} } }
    case 'done':
      return ended(run, order.step, 'by-hand', { at, sequence })
    case 'skip':
      return ended(run, order.step, 'skipped', { at, sequence })
    case 'go-on': {
      const { reason, without } = order
      return withSiteGivenUp(tryAgain(released(run)), givenUpBy(without, reason, by, at))
    }
    case 'leave-out': {
      const { component, part, reason } = order
      return withLeftOut(run, { component, part, reason, at, by })
    }
    case 'excuse-rehearsal':
      return { ...run, rehearsalExcused: { at, by, role: order.role, reason: order.reason } }
    // what they begin is in the journal by itself
    case 'takeover':
    case 'close':
      return run
    case 'retry':
      return again(run, order.step)
  }
}

function released({ held: _held, ...run }: Run): Run {
  return run
}

function signed(run: Run, gate: GateId, order: Order & { do: 'go' | 'no-go' }, by: string, at: string): Run {
  const { do: decision, note, signs } = order
  const said = { ...(note !== undefined && { note }), ...(signs && { signs }) }
  const signoffs = { ...run.gates[gate]?.signoffs, [order.role]: { decision, by, at, ...said } }
  return withGate(run, gate, { signoffs })
}

/** During a rollback the order speaks of the step's undo. */
function ended(run: Run, step: string, how: 'by-hand' | 'skipped', { at, sequence }: Written): Run {
  const end = { status: 'done' as const, how, endedAt: at, endedSequence: sequence }
  if (run.rollback !== undefined) return withUndo(run, step, end)
  const touched = stepState(run, step).mayHaveChanged || how === 'by-hand'
  return withStep(run, step, { ...end, mayHaveChanged: touched })
}

function again(run: Run, target: string): Run {
  for (const [gate, state] of Object.entries(run.gates)) {
    if (state.checks[target] !== undefined)
      return withCheck(run, gate as GateId, target, { status: 'waiting', failures: 0 })
  }
  if (run.rollback !== undefined) {
    const { status } = undoState(run, target)
    return withUndo(run, target, { status: status === 'failed' ? 'waiting' : status, failures: 0 })
  }
  const { status } = stepState(run, target)
  return withStep(run, target, { status: status === 'failed' ? 'waiting' : status, failures: 0 })
}

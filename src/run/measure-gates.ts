import type { Event } from '../model/event.ts'
import type { CheckState, History } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Runbook } from '../model/step.ts'
import { measureContext } from './contexts.ts'
import { checkBatches } from './decide-gate.ts'
import { dispatchThrough } from './dispatch.ts'
import { emptyRun } from './empty-run.ts'
import { fold } from './fold.ts'
import type { SessionInput } from './session.ts'
import type { OpenState } from './state.ts'
import { measureCheck } from './work.ts'

export type MeasuredChecks = Record<string, CheckState & { gate: GateId }>

/**
 * Measures the checks of some gates now, and decides nothing: those of a gate beside each other, in the turns of the night, so
 * that the figures are those of the night. Read only.
 */
export async function measureGates(
  { kinds, stop }: Pick<SessionInput, 'kinds' | 'stop'>,
  state: Pick<OpenState, 'plan' | 'journal' | 'transport' | 'hosts' | 'redact'>,
  runbook: Runbook,
  gates: readonly GateId[],
): Promise<MeasuredChecks> {
  const { plan } = state
  const history: History = fold(state.journal.entries())
  const run = history.runs.at(-1) ?? emptyRun(plan, runbook)
  const context = measureContext(plan, history.facts, history, run)
  const dispatch = dispatchThrough(kinds, state.transport, state.hosts)
  const signal = stop ?? new AbortController().signal
  const measured: MeasuredChecks = {}
  for (const gate of runbook.gates.filter(one => gates.includes(one.id))) {
    for (const turn of checkBatches(gate)) {
      const events = await Promise.all(
        turn.map(check => measureCheck(dispatch, `measure/${check.id}`, gate.id, check, 1, context, signal)),
      )
      for (const event of events) Object.assign(measured, asState(gate.id, event))
    }
  }
  return state.redact(measured)
}

/** What a check's event says, as the view shows a check. */
function asState(gate: GateId, event: Event): MeasuredChecks {
  if (event.type === 'check.done') {
    const { passed, type: _type, check, ...figures } = event
    const status = passed ? 'passed' : 'failed'
    return { [check]: { ...figures, gate, status, failures: passed ? 0 : 1 } }
  }
  if (event.type !== 'check.failed') return {}
  const { check, failure, attempt } = event
  return { [check]: { gate, status: 'failed', attempt, failures: 1, failure } }
}

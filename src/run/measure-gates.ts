import type { CheckState, History } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Runbook } from '../model/step.ts'
import { measureContext } from './contexts.ts'
import { dispatchThrough } from './dispatch.ts'
import { emptyRun } from './empty-run.ts'
import { fold } from './fold.ts'
import type { SessionInput } from './session.ts'
import type { OpenState } from './state.ts'
import { measureCheck } from './work.ts'

export type MeasuredChecks = Record<string, CheckState & { gate: GateId }>

/**
 * Measures the checks of some gates now, and decides nothing: those of a gate beside each other, as the night does, so that
 * the figures are those of the night. Read only.
 */
export async function measureGates(
  { plan, kinds, stop }: Pick<SessionInput, 'plan' | 'kinds' | 'stop'>,
  state: Pick<OpenState, 'journal' | 'transport' | 'hosts' | 'redact'>,
  runbook: Runbook,
  gates: readonly GateId[],
): Promise<MeasuredChecks> {
  const history: History = fold(state.journal.entries())
  const run = history.runs.at(-1) ?? emptyRun(plan, runbook)
  const context = measureContext(plan, history.facts, history, run)
  const dispatch = dispatchThrough(kinds, state.transport, state.hosts)
  const signal = stop ?? new AbortController().signal
  const measured: MeasuredChecks = {}
  for (const gate of runbook.gates.filter(one => gates.includes(one.id))) {
    const events = await Promise.all(
      gate.checks.map(check =>
        measureCheck(dispatch, `measure/${check.id}`, gate.id, check, 1, context, signal),
      ),
    )
    for (const event of events) {
      if (event.type === 'check.done') {
        const { passed, type: _type, check, ...figures } = event
        measured[check] = {
          ...figures,
          gate: gate.id,
          status: passed ? 'passed' : 'failed',
          failures: passed ? 0 : 1,
        }
      } else if (event.type === 'check.failed') {
        const { check, failure, attempt } = event
        measured[check] = { gate: gate.id, status: 'failed', attempt, failures: 1, failure }
      }
    }
  }
  return state.redact(measured)
}

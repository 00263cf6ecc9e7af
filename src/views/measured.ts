import type { Plan } from '../model/plan.ts'
import type { CheckState, GateState } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Runbook } from '../model/step.ts'
import { emptyRun } from '../run/empty-run.ts'
import type { MeasuredChecks } from '../run/measure-gates.ts'
import { type CheckRow, gateRows } from './gates.ts'
import { runViewOfRun } from './run-view.ts'

type MeasuredInput = { plan: Plan; runbook: Runbook; checks: MeasuredChecks; now: string }

/** Checks that were measured outside a run, as the views show those of a run. */
export function measuredRows({ plan, runbook, checks, now }: MeasuredInput): CheckRow[] {
  const run = { ...emptyRun(plan, runbook), gates: gatesOf(checks) }
  const rows = gateRows(runViewOfRun({ plan, now }, runbook, run))
  return rows.flatMap(gate => gate.checks).filter(check => check.id in checks)
}

function gatesOf(measured: MeasuredChecks): Partial<Record<GateId, GateState>> {
  const gates: Partial<Record<GateId, GateState>> = {}
  for (const [id, { gate, ...state }] of Object.entries(measured)) {
    const checks: Record<string, CheckState> = { ...gates[gate]?.checks, [id]: state }
    gates[gate] = { reachedAt: '', checks, signoffs: {} }
  }
  return gates
}

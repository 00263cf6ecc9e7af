import type { CheckState, GateState } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import { emptyRun } from '../run/empty-run.ts'
import type { MeasuredChecks } from '../run/measure-gates.ts'
import { compile } from '../runbook/compile.ts'
import { checkLine } from '../views/gate-lines.ts'
import { type CheckRow, gateRows } from '../views/gates.ts'
import type { Line } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration } from './migration.ts'
import { runViewOfRun } from './run-view.ts'
import { now } from './status.ts'
import { readRecords } from './stored-runs.ts'

/** Checks that were measured outside a run, as the views show those of a run. */
export function measuredRows(
  context: CommandContext,
  migration: Migration,
  measured: MeasuredChecks,
): CheckRow[] {
  const { plan, kinds, stateDirectory } = migration
  const { facts } = readRecords(stateDirectory).history
  const runbook = compile({ plan, kinds, facts, mode: 'live' })
  const run = { ...emptyRun(plan, runbook), gates: gatesOf(measured) }
  const rows = gateRows(runViewOfRun({ plan, typed: context.commandPrefix, now: now() }, runbook, run))
  return rows.flatMap(gate => gate.checks).filter(check => check.id in measured)
}

export function measuredLines(rows: readonly CheckRow[], migration: Migration): Line[] {
  return rows.map(row => checkLine(row, migration.formatter))
}

function gatesOf(measured: MeasuredChecks): Partial<Record<GateId, GateState>> {
  const gates: Partial<Record<GateId, GateState>> = {}
  for (const [id, { gate, ...state }] of Object.entries(measured)) {
    const checks: Record<string, CheckState> = { ...gates[gate]?.checks, [id]: state }
    gates[gate] = { reachedAt: '', checks, signoffs: {} }
  }
  return gates
}

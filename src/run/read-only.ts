import { Temporal } from 'temporal-polyfill'
import { type Forecast, forecast } from '../forecast/forecast.ts'
import { worstEnd } from '../forecast/last-safe.ts'
import type { Finding } from '../model/fact.ts'
import type { GateId } from '../model/stage.ts'
import { compile } from '../runbook/compile.ts'
import { type Audited, recordAudit } from './audit.ts'
import { emptyRun } from './empty-run.ts'
import { fold } from './fold.ts'
import { lastMoved } from './may-start.ts'
import { type MeasuredChecks, measureGates } from './measure-gates.ts'
import { inState, type SessionInput } from './session.ts'

type ReadOnlyInput = Omit<SessionInput, 'takeAuthority' | 'waitForPeople' | 'onProgress'>
export type Preflight = Audited & { checks: MeasuredChecks; forecast: Forecast; isFeasible: boolean }

/** Audits both sites and writes the facts into the journal. Changes nothing at either site. */
export function auditSites(input: ReadOnlyInput): Promise<Audited> {
  return inState(input, 'audit', state => recordAudit(state, input.plan, input.kinds, 'preparation'))
}

/** Everything that could say NO-GO, ahead: audit, the checks of the first gate, and whether the window holds. */
export function preflight(input: ReadOnlyInput): Promise<Preflight> {
  return inState(input, 'preflight', async state => {
    const audited = await recordAudit(state, input.plan, input.kinds, 'live')
    const { facts } = fold(state.journal.entries())
    const runbook = compile({ plan: input.plan, kinds: input.kinds, mode: 'live', facts })
    const checks = await measureGates(input, state, runbook, ['go'])
    const run = emptyRun(input.plan, runbook)
    const expected = forecast(runbook, run, input.plan, Temporal.Instant.from(run.windowStart))
    const end = worstEnd(expected, runbook, input.plan)
    const isFeasible = Temporal.Instant.compare(end, Temporal.Instant.from(run.windowEnd)) <= 0
    const findings: Finding[] = [...audited.findings, ...(isFeasible ? [] : [infeasible(run.windowEnd, end)])]
    return { ...audited, findings, checks, forecast: expected, isFeasible }
  })
}

function infeasible(windowEnd: string, end: Temporal.Instant): Finding {
  return {
    id: 'window.infeasible',
    component: '',
    level: 'block',
    text: { key: 'run.windowInfeasible', values: { windowEnd, worstEnd: end.toString() } },
    remedy: { key: 'run.windowInfeasible.remedy' },
  }
}

/**
 * Measures the checks of the later gates now: is the target still equal, do people get in? Read only. Once the estate has
 * moved there is nothing at rest to compare with: the old source follows the target, and only the people's side is measured.
 */
export function measureLaterGates(input: ReadOnlyInput): Promise<MeasuredChecks> {
  return inState(input, 'verify', state => {
    const history = fold(state.journal.entries())
    const runbook = compile({ plan: input.plan, kinds: input.kinds, mode: 'live', facts: history.facts })
    const gates: GateId[] = lastMoved(history) === undefined ? ['integrity', 'reopen'] : ['reopen']
    return measureGates(input, state, runbook, gates)
  })
}

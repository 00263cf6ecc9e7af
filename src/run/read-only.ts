import { Temporal } from 'temporal-polyfill'
import { type Forecast, forecast } from '../forecast/forecast.ts'
import { worstEnd } from '../forecast/last-safe.ts'
import type { Finding } from '../model/fact.ts'
import { Failure } from '../model/failure.ts'
import { localTime } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { GateId } from '../model/stage.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { compile } from '../runbook/compile.ts'
import { type Audited, auditId, recordAudit } from './audit.ts'
import { emptyRun } from './empty-run.ts'
import { fold } from './fold.ts'
import { lastMoved } from './may-start.ts'
import { type MeasuredChecks, measureGates } from './measure-gates.ts'
import { actsHash, planHashOf } from './readiness.ts'
import { lastPlan, planOf, recordPlan, runbookOf } from './recorded.ts'
import { inState, type SessionInput } from './session.ts'
import type { OpenState } from './state.ts'

type ReadOnlyInput = Omit<SessionInput, 'takeAuthority' | 'waitForPeople' | 'onProgress'>
/** `runbook`: the one whose checks were measured. */
export type Preflight = Audited & {
  runbook: Runbook
  checks: MeasuredChecks
  forecast: Forecast
  isFeasible: boolean
  /** Nothing is in the way: no finding blocks, and each check that was measured holds. */
  ready: boolean
}
export type Measured = { plan: Plan; runbook: Runbook; checks: MeasuredChecks }

/**
 * Audits both sites and writes the plan and the facts into the journal. Changes nothing at either site. `mode` is what is to come, by
 * which the facts are judged.
 */
export function auditSites(
  input: ReadOnlyInput & { plan: Plan },
  mode: RunMode = 'preparation',
): Promise<Audited> {
  return inState(
    input,
    'audit',
    () => input.plan,
    state => audited(input, state, mode),
  )
}

function audited(
  { plan, kinds }: ReadOnlyInput & { plan: Plan },
  state: OpenState,
  mode: RunMode,
  run = auditId(),
): Promise<Audited> {
  recordPlan(state.journal, run, plan)
  return recordAudit(state, plan, kinds, mode, run)
}

/** Everything that could say NO-GO, ahead: audit, the checks of the first gate, and whether the window holds. */
export function preflight(input: ReadOnlyInput & { plan: Plan }): Promise<Preflight> {
  const choosePlan = (): Plan => input.plan
  return inState(input, 'preflight', choosePlan, async state => {
    const run = auditId()
    const found = await audited(input, state, 'live', run)
    const { facts, undos } = fold(state.journal.entries())
    const runbook = compile({ plan: input.plan, kinds: input.kinds, mode: 'live', facts })
    const checks = await measureGates(input, state, runbook, ['go'])
    const night = emptyRun(input.plan, runbook)
    const expected = forecast(runbook, night, input.plan, Temporal.Instant.from(night.windowStart))
    const end = worstEnd(expected, runbook, input.plan, undos)
    const isFeasible = Temporal.Instant.compare(end, Temporal.Instant.from(night.windowEnd)) <= 0
    const findings: Finding[] = [
      ...found.findings,
      ...(isFeasible ? [] : [infeasible(night.windowEnd, end.toString(), input.plan.zone)]),
    ]
    const ready =
      findings.every(({ level }) => level !== 'block') &&
      runbook.gates
        .flatMap(gate => gate.checks)
        .every(({ id, onFailure }) => onFailure === 'alert' || (checks[id]?.status ?? 'passed') === 'passed')
    const ended = { planHash: planHashOf(input.plan), actsHash: actsHash(runbook), ready }
    state.journal.append(run, { type: 'preflight.ended', ...ended })
    return { ...found, findings, runbook, checks, forecast: expected, isFeasible, ready }
  })
}

function infeasible(windowEnd: string, worstEnd: string, zone: string): Finding {
  const values = { windowEnd: localTime(windowEnd, zone), worstEnd: localTime(worstEnd, zone), zone }
  return {
    id: 'window.infeasible',
    component: '',
    level: 'block',
    text: { key: 'run.windowInfeasible', values },
    remedy: { key: 'run.windowInfeasible.remedy' },
  }
}

/**
 * Measures the checks of the later gates now: is the target still equal, do people get in? Read only. By the plan and runbook
 * of the night in the journal; before there is one, by those of the last run. Once the estate has moved there is nothing at
 * rest to compare with: the old source follows the target, and only the people's side is measured.
 */
export function measureLaterGates(input: ReadOnlyInput): Promise<Measured> {
  return inState(input, 'verify', verifiedPlan, async state => {
    const { plan } = state
    const history = fold(state.journal.entries())
    const night = lastNight(history)
    const runbook = night
      ? runbookOf(history, night)
      : compile({ plan, kinds: input.kinds, mode: 'live', facts: history.facts })
    const gates: GateId[] = lastMoved(history) === undefined ? ['integrity', 'reopen'] : ['reopen']
    return { plan, runbook, checks: await measureGates(input, state, runbook, gates) }
  })
}

const lastNight = (history: History): Run | undefined => history.runs.findLast(run => run.mode === 'live')

function verifiedPlan(history: History): Plan {
  const night = lastNight(history)
  const plan = night ? planOf(history, night) : lastPlan(history)
  if (plan !== undefined) return plan
  throw new Failure({ key: 'run.none' }, { remedy: { key: 'run.none.remedy' } })
}

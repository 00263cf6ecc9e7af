import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { openJournal } from '../../src/journal/journal.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Event } from '../../src/model/event.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Runbook, RunMode } from '../../src/model/step.ts'
import { programVersion } from '../../src/model/version.ts'
import { openPlan } from '../../src/plan/load.ts'
import { recordPlan, recordRunbook } from '../../src/run/recorded.ts'
import { runWindow } from '../../src/run/window.ts'
import { compile } from '../../src/runbook/compile.ts'

export const examplePlan = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')

/** A state directory as a run leaves it: the given events in a real journal, after an audit that found nothing. */
export async function stateWith(
  directory: string,
  events: (runbook: Runbook) => Event[],
  mode: RunMode = 'live',
  planFile = examplePlan,
): Promise<{ plan: Plan; runbook: Runbook }> {
  mkdirSync(directory, { recursive: true })
  const kinds = await loadKinds()
  const plan = await openPlan([planFile], kinds)
  const facts = Object.fromEntries(Object.keys(plan.components).map(id => [id, {}]))
  const runbook = compile({ plan, facts, kinds, mode })
  const { start, end } = runWindow(plan, mode, Temporal.Instant.from(clock))
  const journal = openJournal(join(directory, 'journal.db'), { redact: value => value, now: ticking() })
  for (const component of Object.keys(facts))
    journal.append('audit', { type: 'facts.recorded', component, facts: {} })
  const started: Event = {
    type: 'run.started',
    mode,
    planName: plan.name,
    planHash: recordPlan(journal, 'run-1', plan),
    runbookHash: recordRunbook(journal, 'run-1', runbook),
    programVersion: programVersion(),
    windowStart: start.toString(),
    windowEnd: end.toString(),
    fencingNumber: 1,
    by: 'marie',
  }
  for (const event of [started, ...events(runbook)]) journal.append('run-1', event)
  journal.close()
  return { plan, runbook }
}

/** The plan's own window begins here. */
const clock = '2026-12-12T21:00:00Z'

function ticking(): () => string {
  let seconds = 0
  return () => new Date(Date.parse(clock) + 1000 * seconds++).toISOString()
}

/** GO is reached and its checks have passed; nobody has signed. */
export function waitingAtGo(runbook: Runbook): Event[] {
  const checks = runbook.gates.find(gate => gate.id === 'go')?.checks ?? []
  return [
    { type: 'gate.reached', gate: 'go' },
    ...checks.map(
      (check): Event => ({
        type: 'check.done',
        gate: 'go',
        check: check.id,
        attempt: 1,
        passed: true,
        value: 'atLeast' in check.threshold ? check.threshold.atLeast : 0,
        unit: check.unit,
        figures: {},
      }),
    ),
  ]
}

export function moved(runbook: Runbook): Event[] {
  return [
    ...waitingAtGo(runbook),
    { type: 'gate.opened', gate: 'go' },
    ...runbook.steps.flatMap(({ id: step }): Event[] => [
      { type: 'step.started', step, attempt: 1 },
      { type: 'step.done', step, attempt: 1, how: 'applied', result: { sentBytes: 1_500_000 } },
    ]),
    { type: 'run.finished', outcome: 'moved' },
  ]
}

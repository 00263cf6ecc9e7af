import { Temporal } from 'temporal-polyfill'
import { forecast } from '../../src/forecast/forecast.ts'
import { forecastNight } from '../../src/forecast/forecast-night.ts'
import type { ForecastInput } from '../../src/forecast/tasks.ts'
import type { Step } from '../../src/model/step.ts'
import { emptyRun } from '../../src/run/empty-run.ts'
import type { PlannedNight } from '../../src/views/planned-night.ts'
import { aGate, aPlan, aRunbook, aStep } from './small-runbook.ts'

const now = '2026-12-01T10:00:00Z'

/** Some twelve minutes: two sign-offs, five minutes over the link. `who` signs; `title`: of the plan, and of its steps. */
export function aPlannedNight({ lengthMinutes = 60, title = 'The shop moves', who = 'Claire Martin' } = {}): {
  night: PlannedNight
  input: ForecastInput
} {
  const step = (id: string, after: string[], change: Partial<Step>): Step =>
    aStep(id, after, { title: { key: 'test.step', values: { step: `${title} ${id}` } }, ...change })
  const steps = [
    step('shop.show', ['go'], {}),
    step('shop.send', ['shop.show'], { stage: 'drain', expectedSeconds: 300, transfer: 'resumes' }),
    step('shop.check', ['go'], { stage: 'drain', expectedSeconds: 30 }),
    step('shop.open', ['reopen'], { stage: 'restore-service' }),
  ]
  const gates = [aGate('go', []), aGate('reopen', ['shop.send', 'shop.check'])]
  const available = { fromDay: -14, untilDay: 7 }
  const plan = aPlan(steps, {
    title,
    window: { start: '2026-12-12T22:00', lengthMinutes, rollbackReserveMinutes: 2 },
    people: [{ role: 'lead', name: who, contact: '', duties: '', available }],
  })
  const runbook = aRunbook(steps, gates)
  const run = emptyRun(plan, runbook)
  const { windowStart, windowEnd } = run
  const input: ForecastInput = { plan, runbook, kinds: {}, linkMbps: 100, residuals: [] }
  return {
    input,
    night: {
      ...{ plan, runbook, now, windowStart, windowEnd },
      known: { facts: {}, findings: [], unknown: [], auditedAt: now },
      planned: forecast(runbook, run, plan, Temporal.Instant.from(windowStart)).steps,
      forecast: forecastNight(input, 2000),
    },
  }
}

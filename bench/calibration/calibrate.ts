import { checksSeconds } from '../../src/forecast/checks-seconds.ts'
import { forecastNight } from '../../src/forecast/forecast-night.ts'
import { residualsIn } from '../../src/forecast/residuals.ts'
import type { Entry, Event } from '../../src/model/event.ts'
import { instantAt } from '../../src/model/instant.ts'
import { aPlan } from '../../test/helpers/small-runbook.ts'
import { type Estate, estateOf } from './estate.ts'
import { Luck } from './luck.ts'
import { type RealNight, realNight } from './real-night.ts'

/** Shares from 0 to 1. `medianError`: of the end at P50 against the real one, in the middle of the nights. */
export type Calibration = {
  nights: number
  finish: { underP50: number; underP95: number; medianError: number }
  rollback: { underP50: number; underP95: number }
}

/** What the plan says a sign-off takes; what it really takes is another matter. */
const signoffSeconds = 120
/** Enough to tell P95 of one forecast; the nights are many. */
const simulations = 1000

/** So many estates, each forecast after so many rehearsals of its own (at least one), and its real night. The same seed: the same figures. */
export function calibrate(nights: number, rehearsals: number, seed: number): Calibration {
  const told = Array.from({ length: nights }, (_, night) => oneNight(new Luck(seed + night), rehearsals))
  const share = (is: (one: Told) => boolean): number => told.filter(is).length / nights
  const errors = told
    .map(({ finish }) => Math.abs(finish.p50 - finish.real) / finish.real)
    .sort((a, b) => a - b)
  return {
    nights,
    finish: {
      underP50: share(({ finish }) => finish.real <= finish.p50),
      underP95: share(({ finish }) => finish.real <= finish.p95),
      medianError: errors[Math.floor(nights / 2)] ?? 0,
    },
    rollback: {
      underP50: share(({ rollback }) => rollback.real <= rollback.p50),
      underP95: share(({ rollback }) => rollback.real <= rollback.p95),
    },
  }
}

type Compared = { real: number; p50: number; p95: number }
type Told = { finish: Compared; rollback: Compared }

function oneNight(luck: Luck, rehearsals: number): Told {
  const estate = estateOf(luck)
  const { runbook } = estate
  const expectedOf = (id: string): number => {
    const gate = runbook.gates.find(one => `${one.id}/checks` === id)
    return gate === undefined ? signoffSeconds : checksSeconds(gate, {})
  }
  const pass = () => realNight(estate, expectedOf, luck)
  const entries = Array.from({ length: rehearsals }, (_, run) =>
    journalOf(estate, pass(), `run-${run}`),
  ).flat()
  const plan = { ...aPlan(runbook.steps), forecast: { percentile: 95 as const, signoffSeconds } }
  const residuals = residualsIn(entries, {})
  const forecast = forecastNight({ plan, runbook, kinds: {}, residuals }, simulations)
  const real = pass()
  const reopening = forecast.tasks.find(({ id }) => id === 'reopen')
  if (reopening === undefined) throw new RangeError('no reopening is forecast')
  return {
    finish: { real: real.finish, ...forecast.finish },
    rollback: { real: real.rollbackSeconds, ...reopening.rollback },
  }
}

/** What a run of that night would have written, and then of its rollback, as far as durations are read from it. */
function journalOf({ runbook }: Estate, { times, undos, finish }: RealNight, run: string): Entry[] {
  const at: [number, Event][] = [
    [-1, { type: 'runbook.recorded', hash: runbook.hash, runbook }],
    [-1, started(runbook.hash)],
  ]
  const when = (id: string) => times.get(id) ?? { start: 0, end: 0 }
  for (const { id } of runbook.steps) {
    at.push([when(id).start, { type: 'step.started', step: id, attempt: 1 }])
    at.push([when(id).end, { type: 'step.done', step: id, attempt: 1, how: 'applied' }])
  }
  for (const { id: gate, checks, signoffs } of runbook.gates) {
    at.push([when(`${gate}/checks`).start, { type: 'gate.reached', gate }])
    for (const { id: check } of checks) {
      const result = { passed: true, value: 0, unit: '', figures: {} }
      at.push([when(`${gate}/checks`).end, { type: 'check.done', gate, check, attempt: 1, ...result }])
    }
    for (const role of signoffs) {
      const order = { id: '', at: '', by: role, order: { do: 'go' as const, gate, role } }
      at.push([when(`${gate}/${role}`).end, { type: 'order.received', order }])
    }
  }
  for (const [step, seconds] of undos) {
    at.push([finish, { type: 'undo.started', step, attempt: 1 }])
    at.push([finish + seconds, { type: 'undo.done', step, attempt: 1, how: 'applied' }])
  }
  return at
    .toSorted(([one], [other]) => one - other)
    .map(([seconds, event], sequence) => ({
      ...{ sequence, at: instantAt(Math.round(seconds * 1000)), run, event, previousHash: '', hash: '' },
    }))
}

const started = (runbookHash: string): Event => ({
  ...{ type: 'run.started', mode: 'rehearsal', planName: 'test', planHash: '', runbookHash },
  ...{ programVersion: '', windowStart: '', windowEnd: '', fencingNumber: 1, by: '' },
})

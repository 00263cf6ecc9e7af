import type { GateId } from '../model/stage.ts'
import { networkOf } from './network.ts'
import type { NightForecast, TaskForecast } from './night-forecast.ts'
import { type Band, bandOf, quantileOfSorted } from './quantiles.ts'
import { simulateRollbacks, undosOf } from './rollbacks.ts'
import { type Samples, simulate } from './simulate.ts'
import { type ForecastInput, type NightTask, tasksOf } from './tasks.ts'
import { whatHelps } from './what-helps.ts'
import { chancesOf, chanceToFit, limitsOf, percentileOf } from './window-fit.ts'

/** So many nights tell how long a rollback takes, and what helps. */
const fewerNights = 2000
/** Any number does: the same plan, facts and journal give the same forecast. */
const seed = 20_261_212

/** Simulates so many nights of a runbook. Pure. */
export function forecastNight(input: ForecastInput, simulations = 10_000): NightForecast {
  const tasks = tasksOf(input)
  const network = networkOf(tasks)
  const reopening: GateId = 'reopen'
  const sampling = { count: simulations, seed, watch: reopening }
  const samples = simulate(network, sampling)
  const times = timesOf(network.ids, samples)
  const rollbacks = rollbacksOf(input, network, times)
  const limits = limitsOf(input, rollbacks.get(reopening)?.p95)
  const taskOf = new Map(tasks.map(task => [task.id, task]))
  const forecasts = [...times.entries()].map(([id, band], index): TaskForecast => {
    const { of, basis, beside } = taskOf.get(id) as NightTask
    const slackSeconds = samples.slackSeconds[index] as number
    const rollback = rollbacks.get(id) as Band
    const criticality = (samples.critical[index] as number) / simulations
    return { id, of, basis, ...band, criticality, ...(!beside && { slackSeconds }), rollback }
  })
  const percentile = percentileOf(input.plan)
  const chance = chanceToFit(samples, limits)
  const peopleSeconds = network.ids
    .filter(id => 'role' in (taskOf.get(id) as NightTask).of)
    .reduce((sum, id) => sum + (samples.criticalSeconds[network.ids.indexOf(id)] as number), 0)
  const mean = samples.finish.reduce((sum, seconds) => sum + seconds, 0) / simulations
  return {
    simulations,
    finish: bandOf(samples.finish),
    percentile,
    finishSeconds: quantileOfSorted(samples.finish.slice().sort(), percentile / 100),
    limits,
    chanceToFit: chance,
    fits: chance >= percentile / 100,
    chances: chancesOf(samples, limits, input.plan),
    peopleSeconds,
    machineSeconds: mean - peopleSeconds,
    tasks: forecasts.sort((one, other) => one.start.p50 - other.start.p50),
    helps: whatHelps(input, tasks, forecasts, limits, {
      ...sampling,
      count: Math.min(simulations, fewerNights),
    }),
  }
}

type Times = Map<string, { start: Band; end: Band }>

/** By task, in the network's order. */
function timesOf(ids: readonly string[], { starts, ends, finish }: Samples): Times {
  const ofOne = new Float32Array(finish.length)
  const band = (of: Float32Array, index: number): Band => {
    for (let night = 0; night < finish.length; night++)
      ofOne[night] = of[night * ids.length + index] as number
    return bandOf(ofOne)
  }
  return new Map(ids.map((id, index) => [id, { start: band(starts, index), end: band(ends, index) }]))
}

/** After each task: what may have begun by then is what begins, at half of the nights, before it ends; and itself. */
function rollbacksOf(
  { runbook, residuals }: ForecastInput,
  network: ReturnType<typeof networkOf>,
  times: Times,
): Map<string, Band> {
  const all = [...times.values()]
  const startOf = (index: number): number => all[index]?.start.p50 ?? 0
  const order = all.map((_, index) => index).sort((one, other) => startOf(one) - startOf(other))
  const placeOf = new Map(order.map((index, place) => [index, place]))
  const begun = all.map(({ end }, index) => {
    const before = order.findIndex(other => startOf(other) >= end.p50)
    return Math.max((placeOf.get(index) ?? 0) + 1, before < 0 ? order.length : before)
  })
  const undos = undosOf(network, runbook.steps, residuals)
  const samples = simulateRollbacks(network, undos, { order, begun }, { count: fewerNights, seed })
  return new Map(network.ids.map((id, index) => [id, bandOf(samples[index] as Float64Array)]))
}

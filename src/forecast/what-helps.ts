import { networkOf } from './network.ts'
import type { Change, Help, Limits, TaskForecast } from './night-forecast.ts'
import { quantileOfSorted } from './quantiles.ts'
import { type Ends, type Sampling, simulateEnds } from './simulate.ts'
import type { ForecastInput, NightTask } from './tasks.ts'
import { chanceToFit, percentileOf } from './window-fit.ts'

const moreMinutes = 1
const moreMbps = 10
const lessPercent = 10
const fasterPercent = 50
/** Steps of which less work is tried: those that hold up most. */
const mostSteps = 3

/** The same simulated luck with one thing changed, so that the difference is the change's and not chance's. Best first. */
export function whatHelps(
  input: ForecastInput,
  tasks: readonly NightTask[],
  forecasts: readonly TaskForecast[],
  limits: Limits,
  sampling: Sampling,
): Help[] {
  const share = percentileOf(input.plan) / 100
  const nights = (changed: readonly NightTask[]): Ends => simulateEnds(networkOf(changed), sampling)
  const finishOf = ({ finish }: Ends): number => quantileOfSorted(finish.slice().sort(), share)
  const now = nights(tasks)
  const [finish, chance] = [finishOf(now), chanceToFit(now, limits)]
  const trying = (change: Change, to: (task: NightTask) => NightTask): Help => {
    const then = nights(tasks.map(to))
    const chanceGain = chanceToFit(then, limits) - chance
    return { change, earlierSeconds: finish - finishOf(then), chanceGain }
  }
  return [
    windowHelp(now, chance, limits),
    ...linkHelp(input, tasks).map(({ change, to }) => trying(change, to)),
    ...workHelp(input, tasks, forecasts).map(({ change, to }) => trying(change, to)),
    ...peopleHelp(tasks).map(({ change, to }) => trying(change, to)),
  ].toSorted(
    (one, other) =>
      Math.round((other.chanceGain - one.chanceGain) * 1000) || other.earlierSeconds - one.earlierSeconds,
  )
}

type Tried = { change: Change; to: (task: NightTask) => NightTask }

function windowHelp(now: Ends, chance: number, limits: Limits): Help {
  const chanceGain = chanceToFit(now, limits, moreMinutes * 60) - chance
  return { change: { what: 'window', minutes: moreMinutes }, earlierSeconds: 0, chanceGain }
}

function linkHelp({ linkMbps }: ForecastInput, tasks: readonly NightTask[]): Tried[] {
  if (linkMbps === undefined || !tasks.some(({ linkShare }) => linkShare > 0)) return []
  const factor = linkMbps / (linkMbps + moreMbps)
  return [{ change: { what: 'link', mbps: moreMbps }, to: task => sendingFaster(task, factor) }]
}

function sendingFaster(task: NightTask, factor: number): NightTask {
  const sending = task.seconds * task.linkShare * factor
  const seconds = task.seconds * (1 - task.linkShare) + sending
  return { ...task, seconds, linkShare: seconds > 0 ? sending / seconds : 0 }
}

function workHelp(
  { linkMbps }: ForecastInput,
  tasks: readonly NightTask[],
  forecasts: readonly TaskForecast[],
): Tried[] {
  const weight = ({ criticality, start, end }: TaskForecast): number => criticality * (end.p50 - start.p50)
  const holdingUp = forecasts
    .filter(one => 'step' in one.of && weight(one) > 0)
    .toSorted((one, other) => weight(other) - weight(one))
    .slice(0, mostSteps)
  return holdingUp.flatMap(({ id }): Tried[] => {
    const task = tasks.find(one => one.id === id)
    if (task === undefined) return []
    const megabits = task.seconds * task.linkShare * (linkMbps ?? 0)
    const bytes = Math.round((megabits * 1e6 * lessPercent) / 100 / 8)
    const change = { what: 'work' as const, step: id, percent: lessPercent, ...(bytes > 0 && { bytes }) }
    return [{ change, to: one => (one.id === id ? scaled(one, 1 - lessPercent / 100) : one) }]
  })
}

const scaled = (task: NightTask, factor: number): NightTask => ({ ...task, seconds: task.seconds * factor })

function peopleHelp(tasks: readonly NightTask[]): Tried[] {
  if (!tasks.some(({ of }) => 'role' in of)) return []
  const faster = (task: NightTask): NightTask =>
    'role' in task.of ? scaled(task, 1 - fasterPercent / 100) : task
  return [{ change: { what: 'people', percent: fasterPercent }, to: faster }]
}

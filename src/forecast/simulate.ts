import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Network } from './network.ts'
import { Night } from './night.ts'

/** When so many simulated nights ended, and the watched task in each. Seconds since the beginning. */
export type Ends = { finish: Float64Array; watched: Float64Array }
/** The same, and what the nights looked like within. */
export type Samples = Ends & {
  /** Nights in which it was on the critical path, by task. */
  critical: Float64Array
  /** Mean seconds that it spent on the critical path, and by which it could have ended later without delaying the night. */
  criticalSeconds: Float64Array
  slackSeconds: Float64Array
  /** Of task t in night n: at `n * tasks + t`. To the millisecond, at half the memory. */
  starts: Float32Array
  ends: Float32Array
}

/** `watch`: a task whose end is kept of every night. */
export type Sampling = { count: number; seed: number; watch?: string }

/** Pure: the same network, count and seed give the same nights. */
export function simulate(network: Network, sampling: Sampling): Samples {
  const size = network.ids.length
  const latest = new Float64Array(size)
  const within = {
    critical: new Float64Array(size),
    criticalSeconds: new Float64Array(size),
    slackSeconds: new Float64Array(size),
    starts: new Float32Array(size * sampling.count),
    ends: new Float32Array(size * sampling.count),
  }
  const ends = passNights(network, sampling, (night, n) => {
    addCriticalPath(night, within)
    addSlack(network, night, latest, within)
    within.starts.set(night.start, n * size)
    within.ends.set(night.end, n * size)
  })
  for (let task = 0; task < size; task++) {
    within.criticalSeconds[task] = (within.criticalSeconds[task] as number) / sampling.count
    within.slackSeconds[task] = (within.slackSeconds[task] as number) / sampling.count
  }
  return { ...ends, ...within }
}

/** The ends alone: for what is compared with other nights of the same luck. */
export const simulateEnds = (network: Network, sampling: Sampling): Ends =>
  passNights(network, sampling, () => {})

function passNights(
  network: Network,
  { count, seed, watch }: Sampling,
  look: (night: Night, n: number) => void,
): Ends {
  const random = xoroshiro128plus(seed)
  const night = new Night(network)
  const watched = watch === undefined ? -1 : network.ids.indexOf(watch)
  const ends = { finish: new Float64Array(count), watched: new Float64Array(count) }
  for (let n = 0; n < count; n++) {
    night.pass(random)
    ends.finish[n] = night.finish
    if (watched >= 0) ends.watched[n] = night.end[watched] as number
    look(night, n)
  }
  return ends
}

type Within = Omit<Samples, keyof Ends>

/** Backwards from what ended last, each time to what it waited for last. */
function addCriticalPath({ start, end, cause, last }: Night, within: Within): void {
  const { critical, criticalSeconds } = within
  for (let task = last; task >= 0; task = cause[task] as number) {
    critical[task] = (critical[task] as number) + 1
    criticalSeconds[task] =
      (criticalSeconds[task] as number) + (end[task] as number) - (start[task] as number)
  }
}

/** Backwards through the night: none may end later than the latest start of what waited for it, or for what it held. */
function addSlack({ next, counts }: Network, night: Night, latest: Float64Array, within: Within): void {
  const { start, end, cause, ended, finish } = night
  for (let task = 0; task < latest.length; task++)
    latest[task] = counts[task] === 1 ? finish : Number.POSITIVE_INFINITY
  for (let place = ended.length - 1; place >= 0; place--) {
    const task = ended[place] as number
    let late = latest[task] as number
    for (let item = next.at[task] as number; item < (next.at[task + 1] as number); item++) {
      const follower = next.items[item] as number
      const latestStart =
        (latest[follower] as number) - (end[follower] as number) + (start[follower] as number)
      if (latestStart < late) late = latestStart
    }
    latest[task] = late
    const before = cause[task] as number
    const lateStart = late - (end[task] as number) + (start[task] as number)
    if (before >= 0 && lateStart < (latest[before] as number)) latest[before] = lateStart
    within.slackSeconds[task] = (within.slackSeconds[task] as number) + late - (end[task] as number)
  }
}

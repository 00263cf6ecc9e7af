import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Network } from './network.ts'
import { Night } from './night.ts'

/** What so many simulated nights gave, by night; and of the first of them, by task. Seconds since the beginning. */
export type Samples = {
  finish: Float64Array
  /** When the watched task ended. */
  watched: Float64Array
  /** Nights in which it was on the critical path, by task. */
  critical: Float64Array
  /** Mean seconds that it spent on the critical path, and by which it could have ended later without delaying the night. */
  criticalSeconds: Float64Array
  slackSeconds: Float64Array
  /** How many nights were kept whole. */
  detailed: number
  /** Of task t in night n: at `t * detailed + n`. */
  starts: Float64Array
  ends: Float64Array
}

/** `watch`: a task whose end is kept of every night. */
export type Sampling = { count: number; detailed: number; seed: number; watch?: string }

/** Pure: the same network, count and seed give the same nights. */
export function simulate(network: Network, { count, detailed, seed, watch }: Sampling): Samples {
  const size = network.ids.length
  const random = xoroshiro128plus(seed)
  const night = new Night(network)
  const latest = new Float64Array(size)
  const watched = watch === undefined ? -1 : network.ids.indexOf(watch)
  const samples: Samples = {
    finish: new Float64Array(count),
    watched: new Float64Array(count),
    critical: new Float64Array(size),
    criticalSeconds: new Float64Array(size),
    slackSeconds: new Float64Array(size),
    detailed: Math.min(count, detailed),
    starts: new Float64Array(size * Math.min(count, detailed)),
    ends: new Float64Array(size * Math.min(count, detailed)),
  }
  for (let n = 0; n < count; n++) {
    night.pass(random)
    samples.finish[n] = night.finish
    if (watched >= 0) samples.watched[n] = night.end[watched] as number
    addCriticalPath(night, samples)
    addSlack(network, night, latest, samples)
    if (n < samples.detailed) keep(night, n, samples)
  }
  for (let task = 0; task < size; task++) {
    samples.criticalSeconds[task] = (samples.criticalSeconds[task] as number) / count
    samples.slackSeconds[task] = (samples.slackSeconds[task] as number) / count
  }
  return samples
}

/** Backwards from what ended last, each time to what it waited for last. */
function addCriticalPath({ start, end, cause, last }: Night, samples: Samples): void {
  const { critical, criticalSeconds } = samples
  for (let task = last; task >= 0; task = cause[task] as number) {
    critical[task] = (critical[task] as number) + 1
    criticalSeconds[task] =
      (criticalSeconds[task] as number) + (end[task] as number) - (start[task] as number)
  }
}

/** Backwards through the night: none may end later than the latest start of what waited for it, or for what it held. */
function addSlack({ next, counts }: Network, night: Night, latest: Float64Array, samples: Samples): void {
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
    samples.slackSeconds[task] = (samples.slackSeconds[task] as number) + late - (end[task] as number)
  }
}

function keep({ start, end }: Night, n: number, { starts, ends, detailed }: Samples): void {
  for (let task = 0; task < start.length; task++) {
    starts[task * detailed + n] = start[task] as number
    ends[task * detailed + n] = end[task] as number
  }
}

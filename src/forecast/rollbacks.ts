import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Residual } from '../model/residual.ts'
import type { Step } from '../model/step.ts'
import type { Network } from './network.ts'
import { estimatedRatios, estimatedSpread, type Ratios, ratioBits } from './ratios.ts'
import { likeStep, ratiosFor } from './residuals.ts'

/** By task, in the network's order: what its undo takes. */
type Undos = { seconds: Float64Array; ratios: Ratios[] }

/**
 * How long going back takes from each point of the night, the plan's margin not included: the longest chain of undos among
 * the steps that may have begun by then. Undos of steps that did not wait for each other go on side by side.
 * `begun`: by point, the tasks that may have begun; each list begins with the one before it.
 */
export function simulateRollbacks(
  network: Network,
  undos: Undos,
  points: { order: readonly number[]; begun: readonly number[] },
  { count, seed }: { count: number; seed: number },
): Float64Array[] {
  const size = network.ids.length
  const random = xoroshiro128plus(seed)
  const [chain, before] = [new Float64Array(size), new Float64Array(size)]
  const longest = new Float64Array(size + 1)
  const samples = points.begun.map(() => new Float64Array(count))
  for (let n = 0; n < count; n++) {
    before.fill(0)
    for (let task = 0; task < size; task++) {
      const ratio = (undos.ratios[task] as Ratios)[random.next() >>> (32 - ratioBits)] as number
      const seconds = (before[task] as number) + (undos.seconds[task] as number) * ratio
      chain[task] = seconds
      for (let item = network.next.at[task] as number; item < (network.next.at[task + 1] as number); item++) {
        const follower = network.next.items[item] as number
        if ((before[follower] as number) < seconds) before[follower] = seconds
      }
    }
    for (let place = 0; place < size; place++)
      longest[place + 1] = Math.max(longest[place] as number, chain[points.order[place] as number] as number)
    for (let point = 0; point < samples.length; point++)
      (samples[point] as Float64Array)[n] = longest[points.begun[point] as number] as number
  }
  return samples
}

/** Gates, and what cannot be undone, take no time to go back. */
export function undosOf(network: Network, steps: readonly Step[], residuals: readonly Residual[]): Undos {
  const byId = new Map(steps.map(step => [step.id, step]))
  const estimate = estimatedRatios(estimatedSpread)
  const of = network.ids.map(id => {
    const step = byId.get(id)
    if (step === undefined || !step.undo.possible) return { seconds: 0, ratios: estimate }
    const { ratios, basis } = ratiosFor(
      residuals,
      { timed: 'undo', id, like: likeStep(step) },
      estimatedSpread,
    )
    return { seconds: step.undo.expectedSeconds, ratios: basis.from === 'estimate' ? estimate : ratios }
  })
  return {
    seconds: Float64Array.from(of, ({ seconds }) => seconds),
    ratios: of.map(({ ratios }) => ratios),
  }
}

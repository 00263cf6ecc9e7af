import { quantileOfSorted } from './quantiles.ts'

/**
 * How a duration spreads around what was expected: so many equally likely ratios real/expected, ascending. A draw takes one
 * of them.
 */
export type Ratios = Float64Array
/** A power of two: a draw is the upper bits of a random integer. */
export const ratioBits = 10
const ratioCount = 1 << ratioBits

/** What has been measured so seldom has no band of its own: the n of a split-conformal band at 90 % and at 95 %. */
const enoughFor90 = 9
const enoughFor95 = 19

/** P95 over expected of a step that nobody has measured: an assumption. */
export const estimatedSpread = 1.5
/** The same of a person who is asked for a GO. */
export const peopleSpread = 3

/**
 * Where ratios come from. `estimate`: nobody has measured it. `centred`: measured too seldom for a band, so that the middle is
 * measured and the spread is estimated. `band`: measured up to this percentile, estimated above it.
 */
export type Basis =
  | { from: 'estimate' }
  | { from: 'centred'; measured: number }
  | { from: 'band'; measured: number; percentile: 90 | 95 }

/** `spread`: P95 over expected, at least 1. */
export function estimatedRatios(spread: number, middle = 1): Ratios {
  const sigma = Math.log(Math.max(1, spread)) / standardNormal(0.95)
  return Float64Array.from({ length: ratioCount }, (_, index) => middle * Math.exp(sigma * normalAt(index)))
}

/** What was measured corrects the estimate, as far as so many measurements allow. `measured`: ratios real/expected, in any order. */
export function correctedRatios(
  measured: readonly number[],
  spread: number,
): { ratios: Ratios; basis: Basis } {
  const count = measured.length
  if (count === 0) return { ratios: estimatedRatios(spread), basis: { from: 'estimate' } }
  const sorted = Float64Array.from(measured).sort()
  if (count < enoughFor90) {
    const middle = quantileOfSorted(sorted, 0.5)
    return { ratios: estimatedRatios(spread, middle), basis: { from: 'centred', measured: count } }
  }
  const percentile = count < enoughFor95 ? 90 : 95
  return {
    ratios: bandRatios(sorted, percentile / 100, spread),
    basis: { from: 'band', measured: count, percentile },
  }
}

/** The P95 of the same ratios, without all the others. */
export function p95Ratio(measured: readonly number[], spread: number): { ratio: number; basis: Basis } {
  const count = measured.length
  if (count === 0) return { ratio: spread, basis: { from: 'estimate' } }
  const sorted = Float64Array.from(measured).sort()
  if (count < enoughFor90)
    return { ratio: quantileOfSorted(sorted, 0.5) * spread, basis: { from: 'centred', measured: count } }
  const basis = { from: 'band', measured: count } as const
  if (count >= enoughFor95) return { ratio: conformal(sorted, 0.95), basis: { ...basis, percentile: 95 } }
  const tail = spread / estimateAt(0.9, spread)
  return { ratio: conformal(sorted, 0.9) * tail, basis: { ...basis, percentile: 90 } }
}

/**
 * The split-conformal quantile of n residuals is the ⌈(n+1)·p⌉-th smallest. Above the last that n allows, the estimate's own
 * tail goes on from there.
 */
function bandRatios(sorted: Float64Array, last: number, spread: number): Ratios {
  const estimate = estimatedRatios(spread)
  const atLast = conformal(sorted, last)
  const estimateAtLast = estimateAt(last, spread)
  return Float64Array.from({ length: ratioCount }, (_, index) => {
    const share = shareAt(index)
    if (share <= last) return conformal(sorted, share)
    return atLast * ((estimate[index] as number) / estimateAtLast)
  })
}

/** The ratio below which this share of the estimate is. */
const estimateAt = (share: number, spread: number): number =>
  Math.exp((Math.log(Math.max(1, spread)) * standardNormal(share)) / standardNormal(0.95))

function conformal(sorted: Float64Array, share: number): number {
  const rank = Math.ceil((sorted.length + 1) * share)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number
}

const shareAt = (index: number): number => (index + 0.5) / ratioCount
const normalAt = (index: number): number => standardNormal(shareAt(index))

/** The standard normal quantile, by Acklam's approximation: its relative error is below 1.2e-9. */
function standardNormal(share: number): number {
  if (share > 0.5) return -standardNormal(1 - share)
  if (share < 0.02425) {
    const tail = Math.sqrt(-2 * Math.log(share))
    return polynomial(tail, tailAbove) / (polynomial(tail, tailBelow) * tail + 1)
  }
  const middle = share - 0.5
  const square = middle * middle
  return (polynomial(square, middleAbove) * middle) / (polynomial(square, middleBelow) * square + 1)
}

const polynomial = (at: number, factors: readonly number[]): number =>
  factors.reduce((sum, factor) => sum * at + factor, 0)
const middleAbove = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const middleBelow = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
]
const tailAbove = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const tailBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]

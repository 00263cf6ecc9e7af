/** Nearest rank: the smallest sample that at least `percent` of all samples do not pass. 0 without samples. */
export function percentile(sortedSamples: Float64Array, percent: number): number {
  const rank = Math.ceil((percent / 100) * sortedSamples.length)
  return sortedSamples[Math.max(0, rank - 1)] ?? 0
}

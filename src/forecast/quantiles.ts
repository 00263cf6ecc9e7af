/** Seconds that half, four fifths, and nineteen in twenty of the simulations do not exceed. */
export type Band = { p50: number; p80: number; p95: number }

/** The smallest value that at least this share of them does not exceed. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const index = Math.ceil(sorted.length * share) - 1
  return sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? 0
}

/** The samples are left in their order. */
export function bandOf(samples: Float32Array | Float64Array): Band {
  const sorted = samples.slice().sort()
  return {
    p50: quantileOfSorted(sorted, 0.5),
    p80: quantileOfSorted(sorted, 0.8),
    p95: quantileOfSorted(sorted, 0.95),
  }
}

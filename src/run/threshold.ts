import type { Measurement } from '../model/kind.ts'
import type { Threshold } from '../model/plan.ts'

/** What could not be verified has failed, whatever its value. */
export function passes(measurement: Measurement, threshold: Threshold): boolean {
  if (measurement.unverified === true || !Number.isFinite(measurement.value)) return false
  if ('atLeast' in threshold) return measurement.value >= threshold.atLeast
  if ('below' in threshold) return measurement.value < threshold.below
  return measurement.value === threshold.equals
}

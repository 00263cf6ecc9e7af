import { Temporal } from 'temporal-polyfill'
import { systemClock } from '../run/clock.ts'

/** Waits for the instant; false when `stop` fired before. */
export async function waitUntil(instant: Temporal.Instant, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted && Temporal.Instant.compare(systemClock.now(), instant) < 0) {
    await systemClock.sleepUntil(instant, stop)
  }
  return !stop.aborted
}

import { Temporal } from 'temporal-polyfill'
import type { Clock } from './ports.ts'

/** The machine's clock. A timer of Node holds at most 24.8 days; a longer sleep ends early and is decided again. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  elapsedMilliseconds: () => performance.now(),
  sleepUntil(instant, wake) {
    const milliseconds = Math.max(0, instant.epochMilliseconds - Temporal.Now.instant().epochMilliseconds)
    return new Promise(resolve => {
      if (wake.aborted) return resolve()
      const end = (): void => {
        clearTimeout(timer)
        wake.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(milliseconds, 2 ** 31 - 1))
      wake.addEventListener('abort', end)
    })
  },
}

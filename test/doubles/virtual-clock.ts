import { Temporal } from 'temporal-polyfill'
import type { Clock } from '../../src/run/ports.ts'

type Sleeper = { at: number; order: number; end: () => void }

/**
 * A clock whose time passes only when everybody sleeps: whole nights run in milliseconds, in the same order each
 * time. `advance` is called by itself from the event loop.
 */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  #sleepers: Sleeper[] = []
  #isTicking = false
  #ahead = 0

  constructor(start = '2026-12-12T21:00:00Z') {
    this.#now = Temporal.Instant.from(start).epochMilliseconds
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#now + this.#ahead)
  }

  elapsedMilliseconds(): number {
    return this.#now
  }

  /** Somebody puts the machine's clock ahead, or back; no time passes. */
  jump(seconds: number): void {
    this.#ahead += seconds * 1000
  }

  sleepUntil(instant: Temporal.Instant, wake: AbortSignal): Promise<void> {
    if (wake.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const sleeper: Sleeper = {
        at: instant.epochMilliseconds - this.#ahead,
        order: this.#order++,
        end: () => {},
      }
      sleeper.end = () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper)
        wake.removeEventListener('abort', sleeper.end)
        resolve()
      }
      wake.addEventListener('abort', sleeper.end)
      this.#sleepers.push(sleeper)
      this.#tick()
    })
  }

  sleep(seconds: number, signal: AbortSignal): Promise<void> {
    return this.sleepUntil(this.now().add({ milliseconds: Math.round(seconds * 1000) }), signal)
  }

  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    setImmediate(() => {
      this.#isTicking = false
      const next = this.#sleepers.sort((left, right) => left.at - right.at || left.order - right.order)[0]
      if (next === undefined) return
      this.#now = Math.max(this.#now, next.at)
      next.end()
      if (this.#sleepers.length > 0) this.#tick()
    })
  }
}

import { Temporal } from 'temporal-polyfill'
import type { Clock } from './ports.ts'

/** A clock that runs well is put right by less. */
const jumpMilliseconds = 2000

/**
 * When this program wrote what into the journal, by a clock that nothing moves. What an earlier program wrote is taken at the word of
 * the journal: how long the time between two programs was, only the machine's clock knows.
 */
export class WrittenTimes {
  readonly #clock: Clock
  readonly #elapsed = new Map<string, number>()
  #offset: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#offset = this.#offsetNow()
  }

  /** Call it as soon as an entry is written; `at` is the entry's. */
  wrote(at: string): void {
    this.#elapsed.set(at, this.#clock.elapsedMilliseconds())
  }

  /** As the machine's clock would tell it if it had always been what it is now. */
  onClock(at: string): Temporal.Instant {
    const elapsed = this.#elapsed.get(at)
    if (elapsed === undefined) return Temporal.Instant.from(at)
    const milliseconds = Math.round(this.#clock.elapsedMilliseconds() - elapsed)
    return this.#clock.now().subtract({ milliseconds })
  }

  /** By how much the machine's clock was moved since the last call that told it: ahead is positive. 0: not worth telling. */
  jumpSeconds(): number {
    const offset = this.#offsetNow()
    const moved = offset - this.#offset
    if (Math.abs(moved) < jumpMilliseconds) return 0
    this.#offset = offset
    return Math.round(moved / 1000)
  }

  #offsetNow(): number {
    return this.#clock.now().epochMilliseconds - this.#clock.elapsedMilliseconds()
  }
}

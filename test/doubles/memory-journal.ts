import type { Entry, Event } from '../../src/model/event.ts'
import type { Clock, JournalPort } from '../../src/run/ports.ts'

/** Thrown in place of the operating system's kill -9. */
export class Killed extends Error {}

/**
 * A journal in memory. `killAt` counts from 1 over the journal's life: that append is on the "disk", and the program ends
 * before it hears of it (`after`), or ends just before it is written (`before`).
 */
export class MemoryJournal implements JournalPort {
  readonly kept: Entry[] = []
  killAt: { count: number; when: 'before' | 'after' } | undefined
  onKill: () => void = () => {}
  readonly #clock: Clock
  #isDead = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  append(run: string, event: Event): Entry {
    if (this.#isDead) throw new Killed('the program is dead')
    const sequence = this.kept.length + 1
    if (this.killAt?.count === sequence && this.killAt.when === 'before') this.#kill()
    const at = this.#clock.now().toString()
    const entry: Entry = { sequence, at, run, event: this.written(event), previousHash: '', hash: '' }
    this.kept.push(entry)
    if (this.killAt?.count === sequence && this.killAt.when === 'after') this.#kill()
    return entry
  }

  /** An event as it is read again. */
  protected written(event: Event): Event {
    return structuredClone(event)
  }

  #kill(): never {
    this.#isDead = true
    this.onKill()
    throw new Killed(`killed at journal write ${this.killAt?.count}`)
  }

  revive(): void {
    this.#isDead = false
    this.killAt = undefined
  }

  entries(): Entry[] {
    return [...this.kept]
  }
}

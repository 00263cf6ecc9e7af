import { type Frame, frameOf } from './frame.ts'
import type { Language, Source } from './source.ts'

/** How often the journal is looked at, and the page drawn anew although nothing was written: clocks and transfers go on. */
const lookMilliseconds = 400
const redrawSeconds = 2

/** One look at the journal for all who watch: each of them is told what differs from what he has. */
export class Feed {
  readonly #source: Source
  readonly #tell: (error: unknown) => void
  #frames: Partial<Record<Language, { frame: Frame; version: number; at: number }>> = {}
  #version = 0
  #waiting = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #drawnAt = performance.now()
  #trouble: unknown

  constructor(source: Source, tell: (error: unknown) => void) {
    this.#source = source
    this.#tell = tell
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), lookMilliseconds)
  }

  /** Whoever waits is woken, and finds it closed. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#wake()
  }

  get isOpen(): boolean {
    return this.#timer !== undefined
  }

  /** Why the journal cannot be read now; undefined as long as it can. */
  get trouble(): unknown {
    return this.#trouble
  }

  /** The page as it stands. Throws what the source throws. */
  frame(language: Language): Frame {
    const kept = this.#frames[language]
    if (kept?.version === this.#version) return kept.frame
    const frame = frameOf(this.#source.now(language))
    this.#frames[language] = { frame, version: this.#version, at: performance.now() }
    return frame
  }

  /** Looks now, not at the next tick; who asks again and again gets the page of this moment, and costs no drawing. */
  fresh(language: Language): Frame {
    const grew = this.#source.refresh()
    const isOld =
      performance.now() - (this.#frames[language]?.at ?? Number.NEGATIVE_INFINITY) > lookMilliseconds
    if (grew) this.#wake()
    else if (isOld) delete this.#frames[language]
    return this.frame(language)
  }

  /** Until something may have changed. */
  async changed(): Promise<void> {
    if (!this.isOpen) return
    await new Promise<void>(resolve => this.#waiting.add(resolve))
  }

  #look(): void {
    try {
      const grew = this.#source.refresh()
      const wasInTrouble = this.#trouble !== undefined
      this.#trouble = undefined
      if (grew || wasInTrouble || performance.now() - this.#drawnAt > redrawSeconds * 1000) this.#wake()
    } catch (error) {
      if (this.#trouble === undefined) this.#tell(error)
      this.#trouble = error
      this.#wake()
    }
  }

  #wake(): void {
    this.#version++
    this.#drawnAt = performance.now()
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resolve of waiting) resolve()
  }
}

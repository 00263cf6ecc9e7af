import type { Event } from '../model/event.ts'

/** What a task ends with: events to journal, or an error that ends the program (journal, authority). */
export type Completion = { key: string; events: Event[]; fatal?: unknown }

/**
 * What runs now. Tasks never write the journal: they end with events, which the loop writes. One task a key,
 * so that a decision repeated while its task runs changes nothing.
 */
export class Tasks {
  readonly #running = new Map<string, AbortController>()
  readonly #settled = new Map<string, Promise<void>>()
  readonly #completed: Completion[] = []
  readonly #onEnd: () => void

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  has(key: string): boolean {
    return this.#running.has(key)
  }

  get size(): number {
    return this.#running.size
  }

  start(key: string, work: (signal: AbortSignal) => Promise<Event | Event[]>): void {
    const controller = new AbortController()
    this.#running.set(key, controller)
    const settled = work(controller.signal).then(
      events => this.#end({ key, events: [events].flat() }),
      fatal => this.#end({ key, events: [], fatal }),
    )
    this.#settled.set(key, settled)
  }

  #end(completion: Completion): void {
    this.#running.delete(completion.key)
    this.#settled.delete(completion.key)
    this.#completed.push(completion)
    this.#onEnd()
  }

  /** True when there was something to abort that had not been aborted yet. */
  abort(key: string, why: 'deadline' | 'rollback' | 'stop' | 'line-lost' | 'site-given-up'): boolean {
    const controller = this.#running.get(key)
    if (controller === undefined || controller.signal.aborted) return false
    controller.abort(why)
    return true
  }

  completed(): Completion[] {
    return this.#completed.splice(0)
  }

  async abortAll(): Promise<void> {
    for (const key of this.#running.keys()) this.abort(key, 'stop')
    await Promise.allSettled(this.#settled.values())
  }
}

/**
 * Several measures read the figures of one costly run. A run serves each reader once, and for a minute: a reader that
 * asks again (a check's next attempt) begins a new run, which the other readers then share too.
 */
export class SharedRuns<Result> {
  #runs = new Map<string, { startedAt: number; readers: Set<string>; result: Promise<Result> }>()
  #keptMilliseconds: number
  constructor(keptSeconds = 60) {
    this.#keptMilliseconds = keptSeconds * 1000
  }

  /** `nowMilliseconds`: any clock that grows. A run that fails is not kept. */
  read(key: string, reader: string, nowMilliseconds: number, run: () => Promise<Result>): Promise<Result> {
    const kept = this.#runs.get(key)
    const fresh = kept !== undefined && nowMilliseconds - kept.startedAt < this.#keptMilliseconds
    if (kept && fresh && !kept.readers.has(reader)) {
      kept.readers.add(reader)
      return kept.result
    }
    const begun = { startedAt: nowMilliseconds, readers: new Set([reader]), result: run() }
    this.#runs.set(key, begun)
    begun.result.catch(() => {
      if (this.#runs.get(key) === begun) this.#runs.delete(key)
    })
    return begun.result
  }
}

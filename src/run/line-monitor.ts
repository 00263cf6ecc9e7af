import type { Event } from '../model/event.ts'
import { hasCode } from '../model/failure.ts'
import type { Kind, LineStatus } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { failureRecord } from './failure-record.ts'
import type { Clock } from './ports.ts'

/** One thing to keep an eye on: a watch that a component's kind offers. */
export type Watched = { component: string; watch: string; everySeconds: number; looksUntilLost: number }

export function monitoredLines(plan: Plan, kinds: Record<string, Kind>): Watched[] {
  return Object.values(plan.components).flatMap(({ id, kind }) =>
    Object.entries(kinds[kind]?.watches ?? {}).map(
      ([watch, { everySeconds, failuresUntilLost: looksUntilLost }]) => ({
        component: id,
        watch,
        everySeconds,
        looksUntilLost,
      }),
    ),
  )
}

/** A look that takes longer than this has found nothing there. Seconds. */
const patienceSeconds = 20

/**
 * Looks at what a run stands on for as long as it lasts, beside the work. It only tells what changed: what to do about it is
 * decided from the journal, like everything else.
 */
export class LineMonitor {
  readonly #poll: (watched: Watched, signal: AbortSignal) => Promise<LineStatus>
  readonly #clock: Clock
  readonly #onChange: () => void
  readonly #stop = new AbortController()
  readonly #changes: Event[] = []
  readonly #loops: Promise<void>[]

  constructor(
    watched: readonly Watched[],
    look: (watched: Watched, signal: AbortSignal) => Promise<LineStatus>,
    clock: Clock,
    onChange: () => void,
  ) {
    this.#poll = look
    this.#clock = clock
    this.#onChange = onChange
    this.#loops = watched.map(one => this.#pollLoop(one))
  }

  /** What was lost or came back since the last call, oldest first. */
  changes(): Event[] {
    return this.#changes.splice(0)
  }

  async close(): Promise<void> {
    this.#stop.abort('stop')
    await Promise.allSettled(this.#loops)
  }

  async #pollLoop(watched: Watched): Promise<void> {
    const { component, watch, everySeconds, looksUntilLost } = watched
    let missed = 0
    while (!this.#stop.signal.aborted) {
      const seen = await this.#pollOnce(watched)
      if (this.#stop.signal.aborted) return
      if (seen.there && missed >= looksUntilLost) this.#recordChange({ type: 'line.back', component, watch })
      missed = seen.there ? 0 : missed + 1
      if (!seen.there && missed === looksUntilLost)
        this.#recordChange({ type: 'line.lost', component, watch, why: seen.why })
      const next = this.#clock.now().add({ milliseconds: Math.round(everySeconds * 1000) })
      await this.#clock.sleepUntil(next, this.#stop.signal)
    }
  }

  async #pollOnce(watched: Watched): Promise<LineStatus> {
    try {
      const patience = AbortSignal.timeout(patienceSeconds * 1000)
      return await this.#poll(watched, AbortSignal.any([this.#stop.signal, patience]))
    } catch (error) {
      // a line to a site that is given up leads nowhere: nothing waits for it
      if (hasCode(error, 'site-given-up')) return { there: true }
      return { there: false, why: failureRecord(error).text }
    }
  }

  #recordChange(event: Event): void {
    this.#changes.push(event)
    this.#onChange()
  }
}

import type { Event } from '../model/event.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import type { Clock } from './ports.ts'
import { patienceSeconds } from './return-path.ts'

/** How often the return path of each component is looked at, by component. */
export const returnPathSeconds = (plan: Plan, kinds: Record<string, Kind>): Record<string, number> =>
  Object.fromEntries(
    Object.values(plan.components).flatMap(({ id, kind }) => {
      const { returnPath } = kinds[kind] ?? {}
      return returnPath === undefined ? [] : [[id, returnPath.everySeconds]]
    }),
  )

/** So long a good one is not written down again; a change is, at once. */
const writtenEverySeconds = 60
/** So many looks in a row must find it worse: a connection that comes back by itself is no alarm. */
const looksUntilWorse = 2

/** Looks at the return paths for as long as a run lasts, once users are back. It only tells what it saw. */
export class ReturnPathMonitor {
  readonly #components: () => string[]
  readonly #look: (component: string, signal: AbortSignal) => Promise<ReturnPathSeen>
  readonly #clock: Clock
  readonly #onNews: () => void
  readonly #stop = new AbortController()
  readonly #news: Event[] = []
  readonly #loops: Promise<void>[]

  /** `components`: those that are looked at now. */
  constructor(
    everySeconds: Record<string, number>,
    components: () => string[],
    look: (component: string, signal: AbortSignal) => Promise<ReturnPathSeen>,
    clock: Clock,
    onNews: () => void,
  ) {
    this.#components = components
    this.#look = look
    this.#clock = clock
    this.#onNews = onNews
    this.#loops = Object.entries(everySeconds).map(([component, seconds]) => this.#loop(component, seconds))
  }

  /** What was seen since the last call and is worth writing down, oldest first. */
  news(): Event[] {
    return this.#news.splice(0)
  }

  async close(): Promise<void> {
    this.#stop.abort('stop')
    await Promise.allSettled(this.#loops)
  }

  async #loop(component: string, everySeconds: number): Promise<void> {
    let told: { state: ReturnPathSeen['state']; at: number } | undefined
    let worse = 0
    const { signal } = this.#stop
    // the context that asks is whole only after this turn
    await Promise.resolve()
    while (!signal.aborted) {
      if (this.#components().includes(component)) {
        const seen = await this.#look(component, this.#patience())
        if (signal.aborted) return
        worse = seen.state === 'good' ? 0 : worse + 1
        const at = this.#clock.elapsedMilliseconds()
        const isOld = told === undefined || at - told.at >= writtenEverySeconds * 1000
        const isNews = seen.state === 'good' ? isOld || told?.state !== 'good' : worse >= looksUntilWorse
        if (isNews && (isOld || told?.state !== seen.state)) {
          told = { state: seen.state, at }
          this.#news.push({ type: 'return-path.seen', component, seen })
          this.#onNews()
        }
      }
      const next = this.#clock.now().add({ milliseconds: Math.round(everySeconds * 1000) })
      await this.#clock.sleepUntil(next, signal)
    }
  }

  readonly #patience = (): AbortSignal =>
    AbortSignal.any([this.#stop.signal, AbortSignal.timeout(patienceSeconds * 1000)])
}

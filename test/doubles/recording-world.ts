import type { JsonObject } from '../../src/model/json.ts'
import type { LineStatus, Measurement } from '../../src/model/kind.ts'
import type { ReturnPathSeen } from '../../src/model/return-path.ts'
import type { Check, Step } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import type { Dispatch, Work } from '../../src/run/ports.ts'
import type { VirtualClock } from './virtual-clock.ts'

export type Behaviour = {
  /** Seconds before the effect is there, and from there to the end of the call. */
  beforeSeconds?: number
  afterSeconds?: number
  /** How many of the first attempts fail, before or after having their effect. */
  failures?: number
  failsAfterEffect?: boolean
  /** Never ends by itself. */
  hangs?: boolean
  undoFailures?: number
  /** Its undo never ends by itself. */
  undoHangs?: boolean
}

/**
 * Stands for both sites in tests of the core: a step has its effect or not, every call is written down, and
 * nothing of a program that is dead reaches it any more.
 */
export class RecordingWorld {
  readonly effects = new Set<string>()
  readonly calls: {
    what: 'apply' | 'effect' | 'undo' | 'undone' | 'leftovers' | 'measure' | 'repair'
    step: string
  }[] = []
  readonly behaviours: Record<string, Behaviour>
  readonly values: Record<string, number>
  readonly #attempts = new Map<string, number>()
  readonly #undoAttempts = new Map<string, number>()
  measureSeconds = 0
  /** What steps and measures of a kind give beside their value. */
  figuresOf: (kind: string) => JsonObject = () => ({})
  /** What the undo of a step leaves as it found it. */
  left: Record<string, Text[]> = {}
  /** The hosts of a site that give no answer, when it is asked. */
  silent: string[] = []
  /** When the line is away, in seconds from the clock's start. */
  outages: { from: number; to: number }[] = []
  /** As a look finds them, by component; good where nothing is said. */
  returnPaths: Record<string, ReturnPathSeen['state']> = {}
  repairFails = false
  repairHangs = false
  readonly #begun: number
  readonly #clock: VirtualClock
  #generation = 0

  constructor(
    clock: VirtualClock,
    behaviours: Record<string, Behaviour> = {},
    values: Record<string, number> = {},
  ) {
    this.#clock = clock
    this.#begun = clock.now().epochMilliseconds
    this.behaviours = behaviours
    this.values = values
  }

  /** The program died: what it still had under way has no effect from here on. */
  die(): void {
    this.#generation++
  }

  count(what: RecordingWorld['calls'][number]['what'], step: string): number {
    return this.calls.filter(call => call.what === what && call.step === step).length
  }

  dispatch(): Dispatch {
    const generation = this.#generation
    const alive = (): boolean => generation === this.#generation
    return {
      isDone: async context => this.effects.has(context.step.id),
      apply: ({ step }, work) => this.#apply(step, work, alive),
      undo: (context, work) => this.#undo(context.step.id, work, alive),
      measure: (check, _context, work) => this.#measure(check, work, alive),
      look: async () => this.#look(),
      silentHosts: async () => this.silent,
      lookBack: async component => this.#lookBack(component),
      repair: (context, work) => this.#repair(context.step, work, alive),
      killOrphanedCommands: async key => {
        this.calls.push({ what: 'leftovers', step: key })
        return []
      },
    }
  }

  async #apply({ id: step, kind }: Step, work: Work, alive: () => boolean): Promise<JsonObject> {
    const behaviour = this.behaviours[step] ?? {}
    this.calls.push({ what: 'apply', step })
    const attempt = (this.#attempts.get(step) ?? 0) + 1
    this.#attempts.set(step, attempt)
    const isFailing = attempt <= (behaviour.failures ?? 0)
    await this.#take(behaviour.hangs === true ? 1e6 : (behaviour.beforeSeconds ?? 1), work, alive)
    if (isFailing && behaviour.failsAfterEffect !== true) throw new Error(`${step} fails`)
    this.effects.add(step)
    this.calls.push({ what: 'effect', step })
    await this.#take(behaviour.afterSeconds ?? 1, work, alive)
    if (isFailing) throw new Error(`${step} fails after its effect`)
    return { attempt, ...this.figuresOf(kind) }
  }

  async #undo(step: string, work: Work, alive: () => boolean): Promise<Text[]> {
    this.calls.push({ what: 'undo', step })
    const attempt = (this.#undoAttempts.get(step) ?? 0) + 1
    this.#undoAttempts.set(step, attempt)
    await this.#take(this.behaviours[step]?.undoHangs === true ? 1e6 : 1, work, alive)
    if (attempt <= (this.behaviours[step]?.undoFailures ?? 0)) throw new Error(`undo of ${step} fails`)
    this.effects.delete(step)
    this.calls.push({ what: 'undone', step })
    await this.#take(0.5, work, alive)
    return this.left[step] ?? []
  }

  async #take(seconds: number, work: Work, alive: () => boolean): Promise<void> {
    await this.#clock.sleep(seconds, work.signal)
    if (!alive()) throw new Error('the program is dead')
    if (work.signal.aborted) throw new Error(`aborted: ${work.signal.reason}`)
  }

  #look(): LineStatus {
    const seconds = (this.#clock.now().epochMilliseconds - this.#begun) / 1000
    const isAway = this.outages.some(({ from, to }) => from <= seconds && seconds < to)
    return isAway ? { there: false, why: { key: 'test.line' } } : { there: true }
  }

  #lookBack(component: string): ReturnPathSeen {
    const state = this.returnPaths[component] ?? 'good'
    const behind = state === 'good' ? 0 : 40
    return {
      ...{
        state,
        bytesBehind: behind * 1000,
        secondsBehind: behind,
        atStake: { key: 'run.returnPath.unknown' },
      },
      ...(state === 'good' ? {} : { why: { key: 'test.line' } }),
    }
  }

  async #repair({ id: step, component }: Step, work: Work, alive: () => boolean): Promise<JsonObject> {
    this.calls.push({ what: 'repair', step })
    await this.#take(this.repairHangs ? 1e6 : 5, work, alive)
    if (this.repairFails) throw new Error('the return path cannot be made again')
    this.returnPaths[component] = 'good'
    return { how: 'copied' }
  }

  async #measure(check: Check, work: Work, alive: () => boolean): Promise<Measurement> {
    this.calls.push({ what: 'measure', step: check.id })
    if (this.measureSeconds > 0) await this.#take(this.measureSeconds, work, alive)
    return { value: this.values[check.id] ?? 0, figures: this.figuresOf(check.kind) }
  }
}

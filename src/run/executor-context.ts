import type { Event, OrderRecord } from '../model/event.ts'
import type { MeasureContext, StepContext } from '../model/kind.ts'
import type { History, Run } from '../model/run.ts'
import { measureContext, stepContext, stepOf } from './contexts.ts'
import type { ExecuteInput } from './execute-input.ts'
import { fold, foldEntry } from './fold.ts'
import type { SignedOrder } from './given-up/signed-orders.ts'
import { LineMonitor } from './line-monitor.ts'
import { returnPathSteps } from './return-path.ts'
import { ReturnPathMonitor } from './return-path-monitor.ts'
import { Tasks } from './tasks.ts'
import { applyStep, lookBack } from './work.ts'
import { WrittenTimes } from './written-times.ts'

/** Oldest first; `againMilliseconds`: when the clock has passed that, they are checked again; `told`: what the journal says of them. */
type UncheckedOrders = { records: OrderRecord[]; againMilliseconds: number; readonly told: Set<string> }

/** Executor context: the folded journal, the running tasks, and the only journal writer. */
export class ExecutorContext {
  readonly input: ExecuteInput
  readonly tasks: Tasks
  /** Orders that give a site up, until this program has asked that site. */
  readonly signed: SignedOrder[] = []
  /** Orders whose signatures could not be checked. */
  unchecked: UncheckedOrders = { records: [], againMilliseconds: 0, told: new Set() }
  readonly #monitor: LineMonitor
  readonly #returnPaths: ReturnPathMonitor
  readonly #watch: WrittenTimes
  #history: History
  #wake = new AbortController()

  constructor(input: ExecuteInput) {
    this.input = input
    this.#history = fold(input.ports.journal.entries())
    this.tasks = new Tasks(() => this.#wake.abort())
    const { ports, watched = [] } = input
    this.#watch = new WrittenTimes(ports.clock)
    this.#monitor = new LineMonitor(
      watched,
      ({ component, watch }, signal) => {
        const key = this.keyOf(`${component}/${watch}`)
        const work = { key, signal, onProgress: () => {} }
        return ports.dispatch.look(component, watch, this.measureContext(), work)
      },
      ports.clock,
      () => this.#wake.abort(),
    )
    this.#returnPaths = new ReturnPathMonitor(
      input.returnPathSeconds ?? {},
      () => returnPathSteps(input.runbook, this.run).map(({ component }) => component),
      (component, signal) => {
        const work = { key: this.keyOf(`${component}/look-back`), signal, onProgress: () => {} }
        return lookBack(ports.dispatch, component, this.measureContext(), work)
      },
      ports.clock,
      () => this.#wake.abort(),
    )
  }

  get run(): Run {
    const run = this.#history.runs.find(one => one.id === this.input.run)
    if (run === undefined) throw new Error(`run ${this.input.run} is not in the journal`)
    return run
  }

  /** Writes an event down, and only then counts on it. */
  record(event: Event): void {
    const entry = this.input.ports.journal.append(this.input.run, event)
    this.#history = foldEntry(this.#history, entry)
    this.#watch.wrote(entry.at)
    this.input.onEntry?.(entry, this.run)
    const { copies, seals } = this.input.ports
    if (isForPeople(event)) copies?.bringSoon()
    // nothing waits for it
    if (event.type === 'gate.opened') void seals?.seal(this.run.siteGivenUp?.side)
  }

  readonly onClock = (at: string): Temporal.Instant => this.#watch.onClock(at)

  recordClockJump(): void {
    const seconds = this.#watch.jumpSeconds()
    if (seconds !== 0) this.record({ type: 'note', text: { key: 'run.clockJumped', values: { seconds } } })
  }

  recordLineEvents(): void {
    for (const event of this.#monitor.changes()) this.record(event)
    const { copies, seals } = this.input.ports
    for (const event of [...(copies?.changes() ?? []), ...(seals?.changes() ?? [])]) this.record(event)
  }

  recordReturnPaths(): void {
    for (const event of this.#returnPaths.news()) this.record(event)
  }

  recordCompleted(): void {
    for (const { events, fatal } of this.tasks.completed()) {
      if (fatal !== undefined) throw fatal
      for (const event of events) {
        this.record(event)
        if (event.type === 'step.started') this.startStep(event.step, event.attempt)
      }
    }
  }

  /** The step's start is in the journal already. */
  startStep(step: string, attempt: number): void {
    const key = this.keyOf(step)
    const context = this.stepContext(step)
    const onProgress = this.progressOf(step)
    this.tasks.start(key, signal => applyStep(this.input.ports, key, attempt, context, signal, onProgress))
  }

  keyOf(step: string): string {
    return `${this.input.run}/${step}`
  }

  progressOf(step: string) {
    return (progress: Parameters<NonNullable<ExecuteInput['onProgress']>>[1]) =>
      this.input.onProgress?.(step, progress)
  }

  stepContext(step: string): StepContext {
    const { plan, runbook } = this.input
    return stepContext(plan, runbook, this.#history, this.run, stepOf(runbook, step))
  }

  measureContext(): MeasureContext {
    return measureContext(this.input.plan, this.#history.facts, this.#history, this.run)
  }

  /** Fires when something that runs ends; a new one each time. */
  nextWake(): AbortSignal {
    if (this.#wake.signal.aborted) {
      const fired = this.#wake.signal
      this.#wake = new AbortController()
      return fired
    }
    return this.#wake.signal
  }

  /** Ends what still runs and writes nothing. */
  async abandon(): Promise<void> {
    await Promise.all([this.#monitor.close(), this.#returnPaths.close()])
    await this.tasks.abortAll()
    const { copies, seals } = this.input.ports
    await Promise.all([seals?.close(), copies?.close()])
  }

  /** Ends what still runs. Its failed attempts are written down, and at the sites too. */
  async close(): Promise<void> {
    await Promise.all([this.#monitor.close(), this.#returnPaths.close()])
    await this.tasks.abortAll()
    for (const { events } of this.tasks.completed()) {
      for (const event of events) if (event.type !== 'step.started') this.record(event)
    }
    const { copies, seals } = this.input.ports
    await seals?.seal(this.run.siteGivenUp?.side)
    this.recordLineEvents()
    await copies?.bring()
    this.recordLineEvents()
    await copies?.close()
  }
}

/** Sent to the copies at once, for the next step may be far off. Other entries are sent before the next step acts. */
const isForPeople = ({ type }: Event): boolean => /^(gate|order|rollback)\./.test(type)

import { createLogUpdate } from 'log-update'
import { Timings } from '../forecast/residuals.ts'
import type { Entry } from '../model/event.ts'
import { now, secondsBetween } from '../model/instant.ts'
import type { Progress } from '../model/io.ts'
import type { Residual } from '../model/residual.ts'
import type { History } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import { foldEntry } from '../run/fold.ts'
import type { StoredRuns } from '../run/stored-runs.ts'
import { eventLine } from '../views/event-line.ts'
import { renderLines, span } from '../views/lines.ts'
import { liveLines } from '../views/live.ts'
import { lastRunOf, type RunView, runViewOf } from '../views/run-view.ts'
import { advanceProgress, type StepProgress, startProgress } from '../views/step-progress.ts'
import { stepProgressText } from '../views/step-progress-text.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration } from './migration.ts'

/** How often the table is redrawn, and a line of progress written where there is no terminal. */
const redrawMilliseconds = 500
const progressLineSeconds = 10

/**
 * A run as it goes, on stderr: on a terminal a table redrawn in place, else a line for each entry. A defect here is told
 * once and never stops the run.
 */
export class LiveView {
  readonly #context: CommandContext
  readonly #migration: Migration
  readonly #mode: RunMode
  #history: History
  readonly #timings: Timings
  #progress: Record<string, StepProgress> = {}
  #lastProgressAt: Record<string, string> = {}
  #redraw: ReturnType<typeof createLogUpdate> | undefined
  #isDrawn = false
  #timer: NodeJS.Timeout | undefined
  #broken = false

  constructor(context: CommandContext, migration: Migration, mode: RunMode, records: StoredRuns) {
    this.#context = context
    this.#migration = migration
    this.#mode = mode
    this.#history = records.history
    this.#timings = new Timings(migration.kinds)
    for (const entry of records.entries) this.#timings.read(entry)
    const { verbose, quiet } = context.options
    // a table drawn in place leaves no room for lines
    if (context.stderr.isTTY && context.env.TERM !== 'dumb' && !verbose && !quiet) {
      this.#redraw = createLogUpdate(context.stderr as NodeJS.WriteStream, { showCursor: true })
      this.#timer = setInterval(() => this.#guard(() => this.#draw()), redrawMilliseconds)
    }
  }

  readonly onEntry = (entry: Entry): void =>
    this.#guard(() => {
      this.#history = foldEntry(this.#history, entry)
      this.#timings.read(entry)
      if (entry.event.type === 'step.started' || entry.event.type === 'undo.started') {
        this.#progress[entry.event.step] = startProgress(entry.at)
        this.#lastProgressAt[entry.event.step] = entry.at
      }
      if (this.#timer) this.#draw()
      else this.#write(entry)
    })

  readonly onProgress = (step: string, progress: Progress): void =>
    this.#guard(() => {
      const at = now()
      this.#progress[step] = advanceProgress(this.#progress[step] ?? startProgress(at), progress, at)
      if (!this.#timer) this.#writeProgress(step, at)
    })

  /** True when the table is on the screen. */
  get wasDrawn(): boolean {
    return this.#isDrawn && !this.#broken
  }

  /** The table stays on the screen as it was last. */
  close(): void {
    if (!this.#timer) return
    this.#guard(() => this.#draw())
    this.#redraw?.done()
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** `residuals`: given where the finish is shown. */
  #runView(residuals?: readonly Residual[]): RunView {
    const { plan, kinds } = this.#migration
    const view = runViewOf({
      ...{ plan, kinds, history: this.#history, mode: this.#mode, now: now() },
      ...(residuals && { residuals }),
    })
    return { ...view, progress: this.#progress }
  }

  #draw(): void {
    if (!this.#history.runs.some(run => run.mode === this.#mode)) return
    const { stderr } = this.#context
    const [rows, width] = [stderr.rows ?? 24, stderr.columns ?? 80]
    const { formatter } = this.#migration
    const lines = liveLines(
      this.#runView(this.#timings.residuals),
      formatter,
      this.#context.typed,
      rows - 1,
    ).slice(0, rows - 1)
    this.#redraw?.(renderLines(lines, this.#context.paintOf(stderr), width).join('\n'))
    this.#isDrawn = true
  }

  #write(entry: Entry): void {
    if (!this.#history.runs.some(run => run.id === entry.run)) return
    const line = eventLine(entry, this.#runView(), this.#migration.formatter)
    if (line) this.#context.printProgress([line])
  }

  #writeProgress(step: string, at: string): void {
    const last = this.#lastProgressAt[step]
    const stepProgress = this.#progress[step]
    if (!stepProgress || (last !== undefined && secondsBetween(last, at) < progressLineSeconds)) return
    this.#lastProgressAt[step] = at
    const { formatter } = this.#migration
    const hash = lastRunOf(this.#history, this.#mode)?.runbookHash ?? ''
    const planned = this.#history.runbooks[hash]?.steps.find(candidate => candidate.id === step)
    const label = planned ? formatter.say(planned.title) : step
    const values = { label, value: stepProgressText(stepProgress, at, formatter) }
    this.#context.printProgress([
      [span(`${formatter.clock(at)} `, 'dim'), span(`… ${formatter.say({ key: 'views.figure', values })}`)],
    ])
  }

  #guard(work: () => void): void {
    if (this.#broken) return
    try {
      work()
    } catch (error) {
      this.#broken = true
      const why = error instanceof Error ? error.message : String(error)
      this.#context.printProgress([
        [span(this.#context.say({ key: 'cli.live.broken', values: { why } }), 'bad')],
      ])
    }
  }
}

import type { Entry } from '../model/event.ts'
import type { Progress } from '../model/io.ts'
import type { History } from '../model/run.ts'
import type { Runbook, RunMode } from '../model/step.ts'
import { foldEntry } from '../run/fold.ts'
import { compile } from '../runbook/compile.ts'
import { eventLine } from '../views/event-line.ts'
import { renderLines, span } from '../views/lines.ts'
import { liveLines } from '../views/live.ts'
import { advancePace, type Pace, startPace } from '../views/pace.ts'
import { paceText } from '../views/pace-text.ts'
import type { Picture } from '../views/picture.ts'
import { secondsBetween } from '../views/seconds.ts'
import type { Desk } from './desk.ts'
import type { Migration } from './migration.ts'
import { pictureOfRun } from './picture.ts'

/** How often the table is redrawn, and a line of progress written where there is no terminal. */
const redrawMilliseconds = 500
const progressLineSeconds = 10

/**
 * A run as it goes, on stderr: on a terminal a table redrawn in place, else a line for each entry. A defect here is told
 * once and never stops the run.
 */
export class LiveView {
  readonly #desk: Desk
  readonly #migration: Migration
  readonly #mode: RunMode
  #history: History
  #runbook: Runbook | undefined
  #paces: Record<string, Pace> = {}
  #told: Record<string, string> = {}
  #drawn = 0
  #timer: NodeJS.Timeout | undefined
  #broken = false

  constructor(desk: Desk, migration: Migration, mode: RunMode, history: History) {
    this.#desk = desk
    this.#migration = migration
    this.#mode = mode
    this.#history = history
    if (desk.stderr.isTTY && desk.env.TERM !== 'dumb') {
      this.#timer = setInterval(() => this.#guard(() => this.#draw()), redrawMilliseconds)
    }
  }

  readonly onEntry = (entry: Entry): void =>
    this.#guard(() => {
      this.#history = foldEntry(this.#history, entry)
      if (entry.event.type === 'step.started' || entry.event.type === 'undo.started') {
        this.#paces[entry.event.step] = startPace(entry.at)
        this.#told[entry.event.step] = entry.at
      }
      if (this.#timer) this.#draw()
      else this.#write(entry)
    })

  readonly onProgress = (step: string, progress: Progress): void =>
    this.#guard(() => {
      const at = now()
      this.#paces[step] = advancePace(this.#paces[step] ?? startPace(at), progress, at)
      if (!this.#timer) this.#writeProgress(step, at)
    })

  /** True when the table is on the screen. */
  get wasDrawn(): boolean {
    return this.#drawn > 0 && !this.#broken
  }

  /** The table stays on the screen as it was last. */
  close(): void {
    if (!this.#timer) return
    this.#guard(() => this.#draw())
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #picture(): Picture {
    const { plan, kinds } = this.#migration
    const { typed } = this.#desk
    const run = this.#history.runs.findLast(candidate => candidate.mode === this.#mode)
    // the facts that a run was compiled from do not change while it runs
    this.#runbook ??= compile({ plan, facts: this.#history.facts, kinds, mode: this.#mode })
    return { ...pictureOfRun({ plan, typed, now: now() }, this.#runbook, run), paces: this.#paces }
  }

  #draw(): void {
    if (!this.#history.runs.some(run => run.mode === this.#mode)) return
    const { stderr } = this.#desk
    const [rows, width] = [stderr.rows ?? 24, stderr.columns ?? 80]
    const lines = liveLines(this.#picture(), this.#migration.voice, rows - 1).slice(0, rows - 1)
    const text = renderLines(lines, this.#desk.paintOf(stderr), width)
    // up to the first line drawn last time, and everything below cleared
    const back = this.#drawn > 0 ? `\u001b[${this.#drawn}A\r\u001b[J` : ''
    stderr.write(`${back}${text.join('\n')}\n`)
    this.#drawn = text.length
  }

  #write(entry: Entry): void {
    if (!this.#history.runs.some(run => run.id === entry.run)) return
    const line = eventLine(entry, this.#picture(), this.#migration.voice)
    if (line) this.#desk.tell([line])
  }

  #writeProgress(step: string, at: string): void {
    const last = this.#told[step]
    const pace = this.#paces[step]
    if (!pace || (last !== undefined && secondsBetween(last, at) < progressLineSeconds)) return
    this.#told[step] = at
    const { voice } = this.#migration
    const title = this.#runbook?.steps.find(candidate => candidate.id === step)?.title
    const name = title ? voice.say(title) : step
    this.#desk.tell([[span(`${voice.clock(at)} `, 'dim'), span(`… ${name}: ${paceText(pace, at, voice)}`)]])
  }

  #guard(work: () => void): void {
    if (this.#broken) return
    try {
      work()
    } catch (error) {
      this.#broken = true
      const why = error instanceof Error ? error.message : String(error)
      this.#desk.tell([[span(this.#desk.say({ key: 'cli.live.broken', values: { why } }), 'bad')]])
    }
  }
}

const now = (): string => new Date().toISOString()

import { join } from 'node:path'
import { catalogues } from '../../src/cli/catalogues.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Entry } from '../../src/model/event.ts'
import { exitCodes, Failure } from '../../src/model/failure.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Plan, SiteSide } from '../../src/model/plan.ts'
import { type Claimant, rolesOf } from '../../src/model/roles.ts'
import type { Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { openPlan } from '../../src/plan/load.ts'
import { isFinished } from '../../src/run/may-start.ts'
import { findCopy, refuseUnasked } from '../../src/run/takeover.ts'
import { createFormatter } from '../../src/views/create-formatter.ts'
import type { Formatter } from '../../src/views/formatter.ts'
import { nextVerb } from '../../src/views/next-verb.ts'
import { Killed } from '../doubles/memory-journal.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { Adversary } from './adversary.ts'
import { ChainedJournal } from './chained-journal.ts'
import { PaperEstate } from './estate.ts'
import { People } from './people.ts'
import { Program, type Surroundings } from './program.ts'
import type { Scenario } from './scenario.ts'

export type Verdict = {
  violations: string[]
  ends: string[]
  entries: number
  acknowledged: number
  virtualSeconds: number
}
type Todo =
  | { mode: RunMode; how: 'resume' | 'roll-back'; reason?: undefined }
  | { mode: Exclude<RunMode, 'close'>; how: 'start'; reason?: string }
export type Known = { plan: Plan; kinds: Record<string, Kind>; formatter: Formatter }

export async function loadKnown(): Promise<Known> {
  const kinds = await loadKinds()
  const plan = await openPlan([join(import.meta.dirname, 'plan.yaml')], kinds)
  const translate = createTranslator([...catalogues, ...Object.values(kinds).map(({ messages }) => messages)])
  const formatter: Formatter = {
    ...createFormatter(text => translate(text, 'en'), 'en', plan.zone),
    ...{ clock: at => at, moment: at => at },
  }
  return { kinds, plan, formatter }
}

const mostSessions = 60
/** Times that people type the rollback, should the program die before it hears of it. */
const mostRegrets = 3
const mostHours = 200
const lineage = 'lineage-1'
const trace = (...words: unknown[]): void => {
  if (process.env.SIMULATE_TRACE) console.log(...words)
}

/** One migration from the first preparation to an end that holds, by the real program, among people and an adversary. */
export class Campaign {
  readonly #scenario: Scenario
  readonly #clock = new VirtualClock('2026-12-12T12:00:00Z')
  readonly #estate = new PaperEstate(this.#clock)
  readonly #around: Surroundings
  readonly #adversary: Adversary
  readonly #people: People
  readonly #ends: string[] = []
  #starts = 0
  #program: Program
  #nights = 0
  #regrets = 0
  #isGivenUp = false
  #copied: { at: number; rows: ChainedJournal['rows']; number: number } | undefined
  readonly #others: Promise<unknown>[] = []

  constructor(known: Known, scenario: Scenario) {
    this.#scenario = scenario
    const estate = this.#estate
    this.#around = {
      ...known,
      estate,
      underWay: new Set(),
      fateOf: (_program, what) => this.#adversary.fateOf(what),
      onEntry: (program, entry) => this.#onEntry(program, entry),
      ordersFor: (program, run) => this.#ordersFor(program, run),
    }
    this.#adversary = new Adversary(estate, scenario.faults, {
      order: order => this.#orderNow(order),
      copyState: (program, entries) => {
        const { journal, counting } = program
        this.#copied = { at: journal.kept.length + entries, rows: [...journal.rows], number: counting.number }
      },
    })
    this.#people = new People(this.#around, scenario, () => this.#adversary.diedForGood)
    this.#program = this.#begin(new ChainedJournal(this.#clock), 0)
  }

  async carryOut(): Promise<Verdict> {
    try {
      await this.#toTheEnd()
    } catch (error) {
      this.#estate.violated(`defect: ${error instanceof Error ? error.stack : error}`)
    }
    return {
      violations: this.#estate.violations,
      ends: this.#ends,
      entries: this.#program.journal.kept.length,
      acknowledged: this.#estate.acknowledged,
      virtualSeconds: this.#estate.seconds,
    }
  }

  async #toTheEnd(): Promise<void> {
    for (let session = 0; ; session++) {
      if (this.#estate.violations.length > 0 || this.#isGivenUp) return
      if (session === mostSessions) return this.#noEnd('sessions')
      const todo = this.#next()
      if (todo === undefined) return
      this.#estate.isRehearsing = todo.mode === 'rehearsal'
      trace(this.#clock.now().toString(), this.#program.name, todo)
      try {
        const { ended, run } = await this.#carry(todo)
        trace('  ended', ended)
        if (ended === 'stopped') return this.#noEnd('hours')
        await this.#ended(run)
        if (ended === 'rollback-failed' || ended === 'failed') {
          if (this.#isHopeless(run)) return
          await this.#pause(600)
          await this.#people.answer(this.#program, run)
        }
      } catch (error) {
        await this.#after(error)
      }
    }
  }

  #noEnd(what: string): void {
    this.#estate.violated(`it does not come to an end in so many ${what}: ${this.#ends.slice(-3).join(', ')}`)
  }

  /** As people who read `status` would go on. */
  #next(): Todo | undefined {
    const { history } = this.#program
    const last = history.runs.at(-1)
    if (last === undefined) return { mode: 'preparation', how: 'start' }
    if (!isFinished(last)) return { mode: last.mode, how: 'resume' }
    if (last.mode === 'live') {
      if (last.outcome === 'moved')
        return this.#isRegretted(last) ? { mode: 'live', how: 'roll-back' } : undefined
      if (this.#nights >= this.#scenario.nights || last.siteGivenUp !== undefined) return undefined
      return { mode: this.#scenario.preparesAgain ? 'preparation' : 'live', how: 'start', reason: 'again' }
    }
    if (last.mode === 'preparation' && last.outcome !== 'prepared')
      return { mode: 'preparation', how: 'start' }
    if (last.mode === 'preparation' && this.#scenario.rehearses && this.#nights === 0)
      return { mode: 'rehearsal', how: 'start' }
    return { mode: 'live', how: 'start', reason: 'tried elsewhere' }
  }

  async #carry(todo: Todo) {
    if (todo.how !== 'start') return todo.how === 'resume' ? this.#program.resume() : this.#rollBack()
    const { mode, reason } = todo
    if (mode === 'live') this.#nights += 1
    try {
      return await this.#program.start(mode, mode === 'live' ? reason : undefined)
    } catch (error) {
      if (mode === 'live' && this.#program.run?.mode !== 'live') this.#nights -= 1
      throw error
    }
  }

  #isRegretted({ siteGivenUp }: Run): boolean {
    const { regretsAfterSeconds } = this.#scenario
    const hasWayBack = siteGivenUp === undefined && this.#adversary.diedForGood !== 'source'
    return regretsAfterSeconds !== undefined && hasWayBack && this.#regrets < mostRegrets
  }

  /** As `bascule rollback` after a night that has moved: users have written at the target since. */
  async #rollBack() {
    await this.#pause(this.#scenario.regretsAfterSeconds ?? 0)
    this.#estate.sync()
    this.#regrets += 1
    const { run } = this.#program
    if (run !== undefined) this.#people.send(run.id, { do: 'roll-back', reason: 'users cannot work there' })
    return this.#program.resume({ evenEnded: true })
  }

  #begin(journal: ChainedJournal, number: number): Program {
    return new Program(`ops-${++this.#starts}`, journal, { number, lineage }, this.#around)
  }

  #onEntry(program: Program, entry: Entry): void {
    const { event } = entry
    trace('   ', entry.at.slice(11, 22), program.name, entry.sequence, shown(event))
    const estate = this.#estate
    if (event.type === 'order.received' && 'without' in event.order.order && event.order.order.without)
      estate.giveUp(event.order.order.without.side)
    if (estate.seconds > mostHours * 3600 || program.journal.kept.length > 3000) program.stop.abort()
    this.#adversary.onEntry(program, entry)
    if (this.#copied && program.journal.kept.length >= this.#copied.at) this.#second()
  }

  /** A program on a copy of the state directory, from before, while the first one is at work. */
  #second(): void {
    const copied = this.#copied
    this.#copied = undefined
    if (copied === undefined) return
    const program = this.#begin(new ChainedJournal(this.#clock, copied.rows), copied.number)
    const acting = this.#program
    const run = program.run
    if (run === undefined) return
    trace('    a second program', program.name, 'from entry', copied.rows.length)
    const others = program.resume({ evenEnded: true }).then(
      () => {
        this.#program = program
        if (!acting.isDead) trace('    the second program came to its end')
      },
      error => trace('    the second program ends:', textOf(error)),
    )
    this.#others.push(others)
  }

  #ordersFor(program: Program, run: string) {
    if (this.#estate.seconds > mostHours * 3600) program.stop.abort()
    return this.#people.orders(program, run)
  }

  #orderNow(order: 'hold' | 'roll-back' | 'no-go'): void {
    const { run } = this.#program
    if (run === undefined) return
    if (order === 'no-go') this.#people.send(run.id, { do: 'no-go', role: 'lead' })
    else this.#people.send(run.id, { do: order, reason: 'a person wants it' })
  }

  async #after(error: unknown): Promise<void> {
    trace('  ', textOf(error))
    if (error instanceof Killed) {
      const { killedBy } = this.#adversary
      await this.#pause(killedBy?.restartSeconds ?? 5)
      const { journal, counting } = this.#program
      journal.revive()
      if (killedBy?.goesOn === 'takeover' && (await this.#takeOver())) return
      this.#program = this.#begin(journal, counting.number)
      return
    }
    if (!(error instanceof Failure)) throw error
    const dead = this.#adversary.diedForGood
    if (dead !== undefined && this.#isOver()) return this.#endWithout(dead)
    if (error.exitCode === exitCodes.locked) {
      // another program has it: it is that one's night now
      await Promise.allSettled(this.#others)
      const { journal, counting } = this.#program
      if (await this.#takeOver()) return
      this.#program = this.#begin(journal, counting.number)
    }
    await this.#pause(120)
  }

  /** Nothing is under way, so that nothing has to come to an end. */
  #isOver(): boolean {
    const { run } = this.#program
    return run === undefined || isFinished(run)
  }

  /** Nothing can begin without a site: the refusal is the end, and the other site serves. */
  #endWithout(dead: SiteSide): void {
    this.#isGivenUp = true
    if (dead === 'target') this.#isOpen('source')
  }

  /** As `bascule takeover --from` does it. False: no copy can be had now. */
  async #takeOver(): Promise<boolean> {
    const { plan, kinds } = this.#around
    const roles = rolesOf(plan, kinds, {})
    const [copies] = roles('journalCopies')
    const [authority] = roles('authority')
    if (copies === undefined || authority === undefined) return false
    const name = `ops-${this.#starts + 1}`
    const claiming = new Program(name, new ChainedJournal(this.#clock), { number: 0, lineage }, this.#around)
    const io = claiming.transport().ioFor({ key: 'takeover', signal: new AbortController().signal })
    const places = copies.value.places.map(({ host }) => host)
    const from = places[0] ?? ''
    try {
      const found = await findCopy(copies.value, from, plan.name, io)
      const standing = await authority.value.standing(plan.name, io)
      const newest = standing.toSorted((one, other) => other.fencingNumber - one.fencingNumber)[0]
      refuseUnasked(found, from, undefined)
      const claimant: Claimant = {
        planName: plan.name,
        fencingNumber: (newest?.fencingNumber ?? 0) + 1,
        holder: name,
        lineage: newest?.lineage || lineage,
      }
      await authority.value.claim(claimant, io)
      const settled = await findCopy(copies.value, from, plan.name, io)
      refuseUnasked(settled, from, undefined)
      for (const host of settled.parted) await copies.value.setAside(host, claimant, io)
      trace('  taken over', settled.rows.length, 'entries as', name)
      const journal = new ChainedJournal(this.#clock, settled.rows)
      this.#program = this.#begin(journal, claimant.fencingNumber)
      return true
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      trace('  no takeover:', textOf(error))
      if (error.text.key === 'run.takeover.parted') this.#moveOlderCopy(places)
      return false
    }
  }

  /** As people do who are told that two programs have acted: the one that the hosts were told of last is right. */
  #moveOlderCopy(places: readonly string[]): void {
    const { authority } = this.#estate
    const numberAt = (host: string): number => authority.standing(host)?.fencingNumber ?? 0
    const [oldest] = places.toSorted((one, other) => numberAt(one) - numberAt(other))
    if (oldest !== undefined) authority.moveCopy(oldest)
  }

  #pause(seconds: number): Promise<void> {
    return this.#clock.sleep(seconds, new AbortController().signal)
  }

  /** Where the only site that has the data is gone for good, nobody can do more than status says. */
  #isHopeless(run: Run): boolean {
    const dead = this.#adversary.diedForGood
    const { waiting } = this.#people.see(this.#program, run, false)
    if (waiting.length === 0) this.#estate.violated(`${run.outcome} and status says nothing to type`)
    if (dead === 'source') return run.siteGivenUp?.side !== 'source'
    return dead === 'target' && run.mode === 'preparation' && this.#isOpen('source')
  }

  /** The site that nothing was to be taken from is as it was. */
  #isOpen(side: SiteSide): true {
    if (!this.#estate.takesWrites(side))
      this.#estate.violated(`nothing goes on, and the ${side} takes no writes`)
    return true
  }

  async #ended(run: Run): Promise<void> {
    const { estate, ends } = { estate: this.#estate, ends: this.#ends }
    ends.push(`${run.mode} ${run.outcome}`)
    await this.#adversary.calm()
    estate.sync()
    const view = this.#people.see(this.#program, run, false)
    if (view.state !== run.outcome)
      estate.violated(`status says ${view.state} of a run that is ${run.outcome}`)
    if (nextVerb(this.#program.history, false) === 'status') estate.violated('status says to look at status')
    const side = servingSide(run)
    if (side === undefined || this.#isGone(side)) return
    const { lost, doubled } = estate.ledgerAt(side)
    if (lost + doubled > 0)
      estate.violated(`${run.outcome}: ${lost} writes lost and ${doubled} doubled at the ${side}`)
    const wrong = estate.serves(side)
    if (wrong.length > 0) estate.violated(`${run.outcome}, and at the ${side} ${wrong.join(', ')}`)
  }

  #isGone = (side: SiteSide): boolean => this.#adversary.diedForGood === side
}

function servingSide({ outcome, mode }: Run): SiteSide | undefined {
  if (outcome === 'moved') return 'target'
  if (outcome === 'rollback-failed' || outcome === 'failed' || mode === 'close') return undefined
  return 'source'
}

const textOf = (error: unknown): string =>
  error instanceof Failure
    ? `${error.text.key} ${JSON.stringify(error.text.values ?? {})} ${error.cause ? textOf(error.cause) : ''}`
    : String(error)

function shown(event: Entry['event']): string {
  const { type, ...rest } = event
  const text = JSON.stringify(rest)
  return `${type} ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`
}

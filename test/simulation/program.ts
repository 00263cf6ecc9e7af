import { createPrivateKey } from 'node:crypto'
import { takeAuthority } from '../../src/cli/authority.ts'
import type { Entry, Event, OrderRecord } from '../../src/model/event.ts'
import type { Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { History, Run } from '../../src/model/run.ts'
import type { RunMode } from '../../src/model/step.ts'
import { emptyHistory, foldEntry } from '../../src/run/fold.ts'
import { resumeRun, type SessionEnd, type SessionInput, startRun } from '../../src/run/session.ts'
import type { OpenState } from '../../src/run/state.ts'
import type { Formatter } from '../../src/views/formatter.ts'
import type { ChainedJournal } from './chained-journal.ts'
import type { PaperEstate } from './estate.ts'
import { type Caller, type Fate, PaperTransport } from './transport.ts'

/** What the estate and its people make of a program, and it of them. */
export type Surroundings = {
  estate: PaperEstate
  plan: Plan
  kinds: Record<string, Kind>
  formatter: Formatter
  underWay: ConstructorParameters<typeof PaperTransport>[2]
  fateOf(program: Program, what: string, isChange: boolean): Fate
  onEntry(program: Program, entry: Entry): void
  ordersFor(program: Program, run: string): OrderRecord[]
}
/** The same for every program and every time, so that a seed says the same each time. */
const keyOfAll = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${'07'.repeat(32)}`, 'hex'),
  ...{ format: 'der', type: 'pkcs8' },
})

export type Counting = { number: number; lineage: string }

/** One start of Bascule on a machine: the real session on a journal, a lock and a transport of paper. It dies once, for good. */
export class Program implements Caller {
  isDead = false
  readonly stop = new AbortController()
  readonly name: string
  readonly journal: ChainedJournal
  readonly counting: Counting
  readonly #around: Surroundings
  #folded: { length: number; history: History } = { length: 0, history: emptyHistory }

  constructor(name: string, journal: ChainedJournal, counting: Counting, around: Surroundings) {
    this.name = name
    this.journal = journal
    this.counting = counting
    this.#around = around
    journal.onKill = () => {
      this.isDead = true
    }
  }

  get history(): History {
    const { kept } = this.journal
    for (let at = this.#folded.length; at < kept.length; at++) {
      const entry = kept[at]
      if (entry) this.#folded = { length: at + 1, history: foldEntry(this.#folded.history, entry) }
    }
    return this.#folded.history
  }

  get run(): Run | undefined {
    return this.history.runs.at(-1)
  }

  fateOf(what: string, isChange: boolean): Fate {
    return this.#around.fateOf(this, what, isChange)
  }

  transport(): PaperTransport {
    return new PaperTransport(this.#around.estate, this, this.#around.underWay)
  }

  start(mode: Exclude<RunMode, 'close'>, withoutRehearsal?: string): Promise<SessionEnd> {
    const { plan, estate } = this.#around
    const startAt = mode === 'live' ? estate.clock.now() : undefined
    return startRun({
      ...this.#session(true),
      ...{ mode, plan },
      ...(startAt && { startAt }),
      ...(withoutRehearsal !== undefined && { withoutRehearsal }),
    })
  }

  resume(how: { evenEnded?: boolean } = {}): Promise<SessionEnd> {
    return resumeRun({ ...this.#session(false), ...how })
  }

  #session(everywhere: boolean): SessionInput {
    const { kinds, estate } = this.#around
    const { clock } = estate
    const openState = async (input: { choosePlan: (history: History) => Plan }): Promise<OpenState> => {
      const { counting, journal } = this
      const plan = input.choosePlan(this.history)
      return {
        lock: {
          get number() {
            return counting.number
          },
          lineage: counting.lineage,
          count: number => {
            counting.number = number
          },
          release: () => {},
        },
        plan,
        journal: this.#watched() as unknown as OpenState['journal'],
        inbox: { pollMilliseconds: 45_000, take: run => this.#around.ordersFor(this, run), close: () => {} },
        transport: this.transport(),
        sealKey: () => keyOfAll,
        hosts: [plan.sites.source, plan.sites.target].flatMap(({ hosts }) =>
          Object.values(hosts).map(({ ssh }) => ssh),
        ),
        redact: value => value,
        close: async () => void journal,
      }
    }
    return {
      kinds,
      stateDirectory: this.name,
      by: 'claire',
      takeAuthority: takeAuthority(kinds, everywhere, { holder: this.name, clock }),
      stop: this.stop.signal,
      ground: { openState, clock },
    }
  }

  #watched() {
    const { journal } = this
    return {
      append: (run: string, event: Event): Entry => {
        const entry = journal.append(run, event)
        this.#around.onEntry(this, entry)
        return entry
      },
      entries: () => journal.entries(),
      linesSince: (sequence: number) => journal.linesSince(sequence),
      hashAt: (sequence: number) => journal.hashAt(sequence),
      hashes: () => journal.hashes(),
      progress: { set: () => {}, get: () => ({}) },
    }
  }
}

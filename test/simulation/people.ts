import type { Order, OrderRecord } from '../../src/model/event.ts'
import { Failure } from '../../src/model/failure.ts'
import { secondsBetween } from '../../src/model/instant.ts'
import type { SiteSide } from '../../src/model/plan.ts'
import type { Run } from '../../src/model/run.ts'
import { askThrough } from '../../src/run/given-up/before-giving-up.ts'
import { planOf, runbookOf } from '../../src/run/recorded.ts'
import { runViewOfRun } from '../../src/views/run-view.ts'
import { type Status, status } from '../../src/views/status.ts'
import type { Waiting } from '../../src/views/waiting.ts'
import { Killed } from '../doubles/memory-journal.ts'
import type { Program, Surroundings } from './program.ts'
import type { Scenario, Word } from './scenario.ts'

const lookEverySeconds = 40
/** Where nothing has happened since, and nobody is waited for. */
const idleSeconds = 400
/** A run in which nothing happened for so long, and nobody is told why, stands still. */
const stillSeconds = 3000

/** Everybody who reads `status` and types what it proposes, as late and as often as the scenario says. */
export class People {
  readonly #around: Surroundings
  readonly #words: Word[]
  readonly #patienceSeconds: number
  readonly #diedForGood: () => SiteSide | undefined
  readonly #sent: (OrderRecord & { run: string })[] = []
  readonly #since = new Map<string, string>()
  readonly #tries = new Map<string, number>()
  readonly #wordOf = new Map<string, Word>()
  #lookedAt = { at: '2026-12-01T00:00:00Z', length: 0 }

  constructor(
    around: Surroundings,
    { words, patienceSeconds }: Scenario,
    diedForGood: () => SiteSide | undefined,
  ) {
    this.#around = around
    this.#words = [...words]
    this.#patienceSeconds = patienceSeconds
    this.#diedForGood = diedForGood
  }

  get #now(): string {
    return this.#around.estate.clock.now().toString()
  }

  /** What they have sent to this run so far. */
  orders(program: Program, id: string): OrderRecord[] {
    const { run } = program
    const { length } = program.journal.kept
    const isIdle = length === this.#lookedAt.length && this.#since.size === 0
    const isTime = secondsBetween(this.#lookedAt.at, this.#now) >= (isIdle ? idleSeconds : lookEverySeconds)
    if (isTime && run?.id === id && run.outcome === undefined) {
      this.#lookedAt = { at: this.#now, length }
      this.#look(program, run)
    }
    return this.#sent.filter(one => one.run === id)
  }

  /** What they type while no program carries the run out, beside going on with it. */
  async answer(program: Program, run: Run): Promise<void> {
    const { waiting } = this.see(program, run, false)
    if (this.#diedForGood() !== 'target' || run.siteGivenUp !== undefined) return
    const undos = waiting.filter(({ what }) => what === 'undo')
    if (run.mode === 'live' && waiting.some(({ what }) => what === 'undo' || what === 'return-path'))
      return this.#sign(program, run, withoutTarget, 'target')
    for (const { orders } of undos)
      for (const order of orders)
        if (order.do === 'skip') this.send(run.id, { ...order, reason: 'its site is gone' })
  }

  /** What `status` shows, which is the same each time it is asked. */
  see(program: Program, run: Run, executing: boolean): Status {
    const { history } = program
    const seen = () => {
      const view = runViewOfRun(
        { plan: planOf(history, run), now: this.#now, executing },
        runbookOf(history, run),
        run,
      )
      return status(view, this.#around.formatter)
    }
    frozen(run)
    const view = seen()
    if (view.state === 'waiting' && view.waiting.length === 0)
      this.#around.estate.violated('status says that the run waits, and not for what')
    return view
  }

  send(run: string, order: Order): void {
    const id = `order-${this.#sent.length}`
    this.#sent.push({ id, run, at: this.#now, by: 'claire', order })
  }

  #look(program: Program, run: Run): void {
    const view = this.see(program, run, true)
    const keys = new Set(view.waiting.map(wait => keyOf(run, wait)))
    for (const key of this.#since.keys()) if (!keys.has(key)) this.#since.delete(key)
    for (const wait of view.waiting) {
      const key = keyOf(run, wait)
      const since = this.#since.get(key) ?? this.#now
      this.#since.set(key, since)
      const seconds = secondsBetween(since, this.#now)
      if (wait.what === 'sign-off') this.#signOff(run, wait, seconds)
      else if (seconds >= this.#patienceSeconds) {
        this.#since.set(key, this.#now)
        const tries = (this.#tries.get(key) ?? 0) + 1
        this.#tries.set(key, tries)
        this.#act(program, run, wait, tries)
      }
    }
    this.#notStill(program, view)
  }

  #signOff(run: Run, { id, roles, orders }: Waiting, seconds: number): void {
    for (const role of roles) {
      const key = `${run.id}/${id}/${role}`
      const word = this.#wordOf.get(key) ??
        this.#words.shift() ?? { says: 'go', delaySeconds: 5, twice: false }
      const isFirst = !this.#wordOf.has(key)
      this.#wordOf.set(key, word)
      // the night is rolled back in time by itself, where there is a way back
      const silence = word.says === 'nothing' && run.mode === 'live' && run.siteGivenUp?.side !== 'source'
      const due = word.says === 'nothing' ? 10_000 : word.delaySeconds
      const tries = this.#tries.get(key) ?? 0
      if (silence || seconds < due || tries > 20 || (isFirst && due > 0)) continue
      this.#tries.set(key, tries + 1)
      const go = orders.find(order => order.do === 'go' && order.role === role)
      if (go?.do !== 'go') {
        this.#around.estate.violated(`status asks ${role} for ${id} and proposes no line to type`)
        continue
      }
      const said: Order = { ...go, do: word.says === 'no-go' ? 'no-go' : 'go' }
      this.send(run.id, said)
      if (word.twice) this.send(run.id, said)
    }
  }

  #act(program: Program, run: Run, wait: Waiting, tries: number): void {
    const offered = (what: Order['do']) => {
      const order = wait.orders.find(one => one.do === what)
      return order === undefined || order.do === 'carry-out' || order.do === 'watch' ? undefined : order
    }
    const dead = this.#diedForGood()
    const isTargetDead = dead === 'target'
    const rollBack: Order = { do: 'roll-back', reason: 'it does not go on' }
    const choose = (): Order | undefined => {
      switch (wait.what) {
        case 'hold':
          return offered('resume')
        case 'check':
          return tries < 5 ? offered('retry') : rollBack
        case 'step':
          return tries < 4 ? offered('retry') : rollBack
        case 'undo':
          return isTargetDead && run.siteGivenUp === undefined ? withoutTarget : offered('retry')
        case 'return-path':
          return isTargetDead && run.siteGivenUp === undefined ? withoutTarget : offered('repair-return-path')
        case 'source':
          return dead === 'source' ? offered('go-on') : tries < 4 ? undefined : offered('roll-back')
        default:
          return undefined
      }
    }
    const order = choose()
    if (order === undefined) return
    if ((order.do === 'roll-back' || order.do === 'go-on') && order.without)
      this.#signed(this.#sign(program, run, order, order.without.side))
    else this.send(run.id, 'reason' in order && order.reason === '' ? { ...order, reason: 'again' } : order)
  }

  /** Two people cut it off first, and are told what that loses. */
  async #sign(program: Program, run: Run, order: Signed, side: SiteSide): Promise<void> {
    const { plan, kinds } = this.#around
    const { history } = program
    try {
      const asked = { plan, kinds, history, run }
      const { silent, loses, answering } = await askThrough(program.transport(), asked, side)
      if (answering.length > 0) return
      const without = { side, silent, loses, isolated: 'its power is off', and: 'paul' }
      this.send(run.id, { ...order, reason: 'it is gone', without })
    } catch (error) {
      // what the other site cannot tell now is asked again when it still waits
      if (!(error instanceof Failure || error instanceof Killed)) throw error
    }
  }

  #signed(signing: Promise<void>): void {
    signing.catch(error => this.#around.estate.violated(`defect: ${error}`))
  }

  #notStill(program: Program, { waiting, steps }: Status): void {
    const last = program.journal.kept.at(-1)
    if (last === undefined || waiting.length > 0) return
    const isBusy = steps.some(({ state }) => /running|undoing/.test(state))
    if (!isBusy && secondsBetween(last.at, this.#now) > stillSeconds)
      this.#around.estate.violated('the run stands still, and status names nobody who could bring it on')
  }
}

type Signed = Extract<Order, { do: 'roll-back' | 'go-on' }>
const withoutTarget: Signed = {
  do: 'roll-back',
  reason: '',
  without: { side: 'target', silent: [], loses: [], isolated: '', and: '' },
}

const keyOf = (run: Run, { what, id }: Waiting): string => `${run.id}/${what}/${id}`

/** What a view was given it must not change. */
function frozen(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const part of Object.values(value)) frozen(part)
}

import type { Entry } from '../../src/model/event.ts'
import type { SiteSide } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import { hostsOf, type PaperEstate } from './estate.ts'
import type { Program } from './program.ts'
import type { Fault } from './scenario.ts'
import type { Fate } from './transport.ts'

type Kill = Extract<Fault, { do: 'kill' }>
type Rest = Exclude<Fault, { do: 'kill' | 'order' | 'copy-state' }>
/** What is not done to the estate. */
export type Told = {
  order(order: Extract<Fault, { do: 'order' }>['order']): void
  copyState(program: Program, actsAfterEntries: number): void
}

/** Does what the scenario says, at the journal entries and calls that it names. */
export class Adversary {
  /** The kill that the program died of last. */
  killedBy: Kill | undefined
  diedForGood: SiteSide | undefined
  readonly #estate: PaperEstate
  readonly #told: Told
  readonly #entries = new Map<string, number>()
  #faults: Fault[]
  #armed: { fault: Rest; calls: number }[] = []
  #lasting = 0
  #fates: { fate: Fate; left: number }[] = []

  constructor(estate: PaperEstate, faults: readonly Fault[], told: Told) {
    this.#estate = estate
    this.#told = told
    this.#faults = [...faults]
  }

  /** Everything that is mended by itself has been, and what came back has come up. */
  async calm(): Promise<void> {
    while (this.#lasting > 0) await this.#sleep(20)
    await this.#sleep(20)
  }

  onEntry(program: Program, { run }: Entry): void {
    const mode = run.split('-')[0] as RunMode
    const entries = (this.#entries.get(mode) ?? 0) + 1
    this.#entries.set(mode, entries)
    const due = this.#faults.filter(fault => fault.mode === mode && fault.entry <= entries)
    this.#faults = this.#faults.filter(fault => !due.includes(fault))
    for (const fault of due) {
      if (fault.do === 'kill') {
        this.killedBy = fault
        program.journal.killAt = { count: program.journal.kept.length + 1, when: fault.when }
      } else if (fault.do === 'order') this.#told.order(fault.order)
      else if (fault.do === 'copy-state') this.#told.copyState(program, fault.actsAfterEntries)
      else if (fault.calls === 0) this.#strike(fault)
      else this.#armed.push({ fault, calls: fault.calls })
    }
  }

  fateOf(what: string): Fate {
    for (const one of this.#armed) one.calls -= 1
    for (const { fault, calls } of this.#armed) if (calls <= 0) this.#strike(fault)
    this.#armed = this.#armed.filter(({ calls }) => calls > 0)
    const fates = this.#fates.filter(
      ({ fate, left }) => left > 0 && (fate.twice !== true || bearsTwice(what)),
    )
    for (const one of fates) one.left -= 1
    this.#fates = this.#fates.filter(({ left }) => left > 0)
    return Object.assign({}, ...fates.map(({ fate }) => fate))
  }

  #strike(fault: Rest): void {
    const lasting = this.#begin(fault)
    if (lasting === undefined) return
    this.#lasting += 1
    this.#sleep(lasting.seconds).then(() => {
      this.#lasting -= 1
      lasting.mend()
      const { diedForGood } = this
      if (diedForGood !== undefined) for (const host of hostsOf[diedForGood]) this.#estate.powerOff(host)
    })
  }

  /** How long it lasts, and what ends it; undefined: nothing does, or the calls that it spoils. */
  #begin(fault: Rest): { seconds: number; mend: () => void } | undefined {
    switch (fault.do) {
      case 'power':
        return this.#withoutPower([fault.host], fault.seconds)
      case 'site-dies': {
        const { seconds } = fault
        const isForGood = seconds === 'for-good' && this.diedForGood === undefined
        if (isForGood) this.diedForGood = fault.side
        const lasting = this.#withoutPower(hostsOf[fault.side], seconds === 'for-good' ? 600 : seconds)
        return isForGood ? undefined : lasting
      }
      case 'cut':
        this.#cut(fault.between, true)
        return { seconds: fault.seconds, mend: () => this.#cut(fault.between, false) }
      case 'full':
        this.#fill(fault.host, true)
        return { seconds: fault.seconds, mend: () => this.#fill(fault.host, false) }
      case 'lose':
        this.#fates.push({ fate: { lost: fault.what }, left: fault.count })
        return undefined
      case 'slow':
        this.#fates.push({ fate: { slowSeconds: fault.seconds }, left: fault.count })
        return undefined
      case 'twice':
        this.#fates.push({ fate: { twice: true }, left: fault.count })
        return undefined
    }
  }

  #withoutPower(hosts: readonly string[], seconds: number) {
    for (const host of hosts) this.#estate.powerOff(host)
    const mend = (): void => {
      for (const host of hosts) this.#estate.powerOn(host)
    }
    return { seconds, mend }
  }

  #cut(between: SiteSide | 'sites', isCut: boolean): void {
    this.#estate.sync()
    if (between === 'sites') this.#estate.clusters.isCut = isCut
    else if (isCut) this.#estate.cutOff.add(between)
    else this.#estate.cutOff.delete(between)
  }

  #fill(host: string, isFull: boolean): void {
    const { authority, clusters } = this.#estate
    const cluster = [clusters.source, clusters.target].find(({ name }) => name === host)
    if (isFull) authority.full.add(host)
    else authority.full.delete(host)
    if (cluster && isFull) clusters.fullDisk = cluster
    else if (cluster !== undefined && clusters.fullDisk === cluster) delete clusters.fullDisk
  }

  #sleep(seconds: number): Promise<void> {
    return this.#estate.clock.sleep(seconds, new AbortController().signal)
  }
}

/** What travels in one datagram, or asks only. */
const bearsTwice = (what: string): boolean => /^(nsupdate|dns|GET) /.test(what)

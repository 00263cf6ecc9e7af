import type { Order, OrderRecord } from '../../src/model/event.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { History, Run } from '../../src/model/run.ts'
import type { Runbook } from '../../src/model/step.ts'
import { programVersion } from '../../src/model/version.ts'
import { execute } from '../../src/run/execute.ts'
import type { Ended } from '../../src/run/execute-input.ts'
import { fold } from '../../src/run/fold.ts'
import type { Ports } from '../../src/run/ports.ts'
import type { SignerOf } from '../../src/run/signatures.ts'
import { MemoryJournal } from './memory-journal.ts'
import type { RecordingWorld } from './recording-world.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A person who sends an order as soon as the run looks a certain way; once, or each time. */
export type Person = { when: (run: Run, now: string) => boolean; order: Order; eachTime?: boolean }

/** Everybody a gate asks for says GO as soon as its checks have ended. */
export function willing(runbook: Runbook): Person[] {
  return runbook.gates.flatMap(gate =>
    gate.signoffs.map(
      (role): Person => ({
        when: run => {
          const state = run.gates[gate.id]
          return (
            state !== undefined && gate.checks.every(check => state.checks[check.id]?.status === 'passed')
          )
        },
        order: { do: 'go', role, gate: gate.id },
      }),
    ),
  )
}

/** A whole run on the doubles: the same executor, a clock that does not wait, a world that remembers. */
export class Night {
  readonly journal: MemoryJournal
  #folded: { length: number; history: History } | undefined
  readonly #sent: { person: Person; record: OrderRecord }[] = []
  readonly plan: Plan
  readonly runbook: Runbook
  readonly clock: VirtualClock
  readonly world: RecordingWorld
  readonly people: Person[]
  /** In place of the doubles, or beside them. */
  ports: Partial<Ports> = {}
  /** Of an order as it is sent; absent: nothing is signed. */
  sign: ((record: OrderRecord) => OrderRecord) | undefined
  signerOf: SignerOf | undefined

  constructor(
    plan: Plan,
    runbook: Runbook,
    clock: VirtualClock,
    world: RecordingWorld,
    people: Person[] = [],
  ) {
    this.plan = plan
    this.runbook = runbook
    this.clock = clock
    this.world = world
    this.people = people
    this.journal = new MemoryJournal(clock)
    this.journal.onKill = () => world.die()
    const start = clock.now()
    this.journal.append('run', {
      type: 'run.started',
      mode: runbook.mode,
      planName: plan.name,
      planHash: '',
      runbookHash: runbook.hash,
      programVersion: programVersion(),
      windowStart: start.toString(),
      windowEnd: start.add({ minutes: plan.window.lengthMinutes }).toString(),
      fencingNumber: 1,
      by: 'test',
    })
  }

  get run(): Run {
    const entries = this.journal.kept
    if (this.#folded?.length !== entries.length) {
      this.#folded = { length: entries.length, history: fold(entries) }
    }
    const run = this.#folded.history.runs.at(-1)
    if (run === undefined) throw new Error('no run')
    return run
  }

  carryOut(waitForPeople = true): Promise<Ended> {
    const dispatch = this.world.dispatch()
    return execute({
      plan: this.plan,
      runbook: this.runbook,
      run: 'run',
      watched: [{ component: 'line', watch: 'main', everySeconds: 3, looksUntilLost: 2 }],
      returnPathSeconds: Object.fromEntries(
        this.runbook.steps.flatMap(({ component, makesReturnPath }) =>
          makesReturnPath === 'monitored' ? [[component, 10]] : [],
        ),
      ),
      waitForPeople,
      ports: {
        journal: this.journal,
        dispatch,
        clock: this.clock,
        orders: { take: () => this.#orders(), pollMilliseconds: 2000 },
        authority: { check: async () => {} },
        ...this.ports,
        ...(this.signerOf && { signerOf: this.signerOf }),
      },
    })
  }

  resume(): Promise<Ended> {
    this.journal.revive()
    this.journal.append('run', {
      type: 'run.resumed',
      fencingNumber: 2,
      by: 'test',
      programVersion: programVersion(),
    })
    return this.carryOut()
  }

  /** Read again from the first after a crash, as the inbox on the disk is. */
  #orders(): OrderRecord[] {
    const now = this.clock.now().toString()
    for (const person of this.people) {
      const last = this.#sent.findLast(one => one.person === person)
      const mayAgain = person.eachTime === true && last !== undefined && last.record.id in this.run.orders
      if ((last !== undefined && !mayAgain) || !person.when(this.run, now)) continue
      const id = `order-${this.#sent.length}`
      const record: OrderRecord = { id, at: now, by: 'person', order: person.order }
      this.#sent.push({ person, record: this.sign?.(record) ?? record })
    }
    return this.#sent.map(one => one.record)
  }
}

import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Entry, Event, Order } from '../../src/model/event.ts'
import type { Run } from '../../src/model/run.ts'
import { decide } from '../../src/run/decide.ts'
import { fold } from '../../src/run/fold.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aCheck, aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const maxAgeSeconds = 600
const passed = ({ gates: { go } }: Run): boolean =>
  [go?.checks.fresh, go?.checks.alone].every(check => check?.status === 'passed')

/** Two checks, one of them measured after the other; `lead` says GO when `when` says so. */
function aNight(when: Person['when'], change: Parameters<typeof aCheck>[1] = {}) {
  const clock = new VirtualClock()
  const checks = [
    aCheck('fresh', { maxAgeSeconds, onFailure: 'block', ...change }),
    aCheck('alone', { maxAgeSeconds, alone: true, onFailure: 'block' }),
  ]
  const runbook = aRunbook([aStep('a.cut', ['go'])], [aGate('go', [], { checks })])
  const world = new RecordingWorld(clock)
  const people: Person[] = [{ when, order: { do: 'go', role: 'lead', gate: 'go' } }]
  return { night: new Night(aPlan(runbook.steps), runbook, clock, world, people), world, clock }
}

const minutesIn =
  (minutes: number): Person['when'] =>
  (run, now) =>
    passed(run) && Date.parse(now) - Date.parse(run.startedAt) >= minutes * 60_000

/** Of the last figures that the gate opened on, in seconds. */
function oldest({ run }: Night): number {
  const { openedAt = '', checks } = run.gates.go ?? { checks: {} }
  return Math.max(
    ...Object.values(checks).map(({ at = '' }) => (Date.parse(openedAt) - Date.parse(at)) / 1000),
  )
}

describe('a check has a greatest age', () => {
  it('a gate that opens at once measures each check once', async () => {
    const { night, world } = aNight(minutesIn(0))
    expect(await night.carryOut()).toBe('moved')
    expect([world.count('measure', 'fresh'), world.count('measure', 'alone')]).toEqual([1, 1])
  })

  it('after a long wait for the GO the checks are measured again, then the gate opens', async () => {
    const { night, world } = aNight(minutesIn(45))
    expect(await night.carryOut()).toBe('moved')
    expect([world.count('measure', 'fresh'), world.count('measure', 'alone')]).toEqual([2, 2])
    expect(oldest(night)).toBeLessThanOrEqual(maxAgeSeconds)
    expect(world.calls.findIndex(({ what }) => what === 'apply')).toBeGreaterThan(
      world.calls.findLastIndex(({ what }) => what === 'measure'),
    )
  })

  it('what is no longer so keeps the gate closed in spite of the GO', async () => {
    const { night, world } = aNight((run, now) => {
      const late = minutesIn(45)(run, now)
      if (late) world.values.fresh = 7
      return late
    })
    night.people.push({
      when: run => run.gates.go?.checks.fresh?.status === 'failed',
      order: { do: 'roll-back', reason: 'the link is slow' },
    })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.gates.go?.signoffs.lead?.decision).toBe('go')
    expect(night.run.gates.go?.openedAt).toBeUndefined()
    expect(world.count('apply', 'a.cut')).toBe(0)
  })

  it('the attempts of the plan count anew for the second measurement', async () => {
    const { night, world } = aNight(
      (run, now) => {
        const late = minutesIn(45)(run, now)
        if (late) world.values.fresh = 7
        return late
      },
      { attempts: 2, backoffSeconds: 30 },
    )
    world.values.fresh = 1
    const mend: Person = {
      when: run => {
        if ((run.gates.go?.checks.fresh?.failures ?? 0) === 1) world.values.fresh = 0
        return false
      },
      order: { do: 'hold' },
    }
    night.people.unshift(mend)
    expect(await night.carryOut()).toBe('moved')
    expect(world.count('measure', 'fresh')).toBe(4)
  })

  it('after a resume of the program, however young the figures are', async () => {
    const { night, world } = aNight(minutesIn(2))
    // started, reached, two measured, and now the GO
    night.journal.killAt = { count: 7, when: 'before' }
    await expect(night.carryOut()).rejects.toThrow()
    expect(passed(night.run)).toBe(true)
    expect(await night.resume()).toBe('moved')
    expect(world.count('measure', 'fresh')).toBe(2)
    expect(night.run.gates.go?.openedAt).toBeDefined()
  })

  it('after a hold, too', async () => {
    const { night, world } = aNight(minutesIn(3))
    night.people.unshift(
      { when: passed, order: { do: 'hold' } },
      { when: (run, now) => run.held !== undefined && minutesIn(2)(run, now), order: { do: 'resume' } },
    )
    expect(await night.carryOut()).toBe('moved')
    expect(world.count('measure', 'fresh')).toBe(2)
  })

  /** Killed before that entry; `lead` says GO so many minutes later, by a clock that nobody moves. */
  async function killedAt(
    count: number,
    minutes: number,
    { values = {}, ...change }: Parameters<typeof aCheck>[1] & { values?: Record<string, number> } = {},
  ) {
    const made = aNight(() => false, change)
    const { night, world, clock } = made
    Object.assign(world.values, values)
    world.measureSeconds = 20
    const begun = clock.elapsedMilliseconds()
    const when: Person['when'] = run => passed(run) && clock.elapsedMilliseconds() - begun >= minutes * 60_000
    night.people.push({ when, order: { do: 'go', role: 'lead', gate: 'go' } })
    night.journal.killAt = { count, when: 'before' }
    await expect(night.carryOut()).rejects.toThrow()
    return made
  }

  it('after a resume, and once, though the clock is put back then', async () => {
    const { night, world, clock } = await killedAt(7, 10)
    let isMoved = false
    const mover: Person['when'] = () => {
      if (!isMoved) clock.jump(-1800)
      isMoved = true
      return false
    }
    night.people.unshift({ when: mover, order: { do: 'hold' } })
    expect(await night.resume()).toBe('moved')
    expect(isMoved).toBe(true)
    expect([world.count('measure', 'fresh'), world.count('measure', 'alone')]).toEqual([2, 2])
  })

  it('after a takeover by a machine with a slow clock, though the figures seem to be younger', async () => {
    const { night, world, clock } = await killedAt(7, 2)
    expect(passed(night.run)).toBe(true)
    clock.jump(-3600)
    expect(await night.resume()).toBe('moved')
    expect([world.count('measure', 'fresh'), world.count('measure', 'alone')]).toEqual([2, 2])
  })

  it('and what had failed is measured at once by such a machine', async () => {
    const failing = { attempts: 3, backoffSeconds: 10, values: { fresh: 7 } }
    const { night, world, clock } = await killedAt(5, 0, failing)
    expect(night.run.gates.go?.checks.fresh?.status).toBe('failed')
    world.values.fresh = 0
    clock.jump(-3600)
    const begun = clock.elapsedMilliseconds()
    expect(await night.resume()).toBe('moved')
    expect(clock.elapsedMilliseconds() - begun).toBeLessThan(120_000)
  })

  it('a runbook of an older program has no age', async () => {
    const clock = new VirtualClock()
    const runbook = aRunbook([aStep('a.cut', ['go'])], [aGate('go', [], { checks: [aCheck('old')] })])
    const world = new RecordingWorld(clock)
    const later: Person = { ...(willing(runbook)[0] as Person), when: minutesOld(45) }
    const night = new Night(aPlan(runbook.steps), runbook, clock, world, [later])
    expect(await night.carryOut()).toBe('moved')
    expect(world.count('measure', 'old')).toBe(1)
  })
})

describe('without an executor', () => {
  const check = aCheck('fresh', { maxAgeSeconds, onFailure: 'block' })
  const runbook = aRunbook([aStep('a.cut', ['go'])], [aGate('go', [], { checks: [check] })])
  const [begin, at] = ['2026-12-12T21:00:00Z', '2026-12-12T21:00:05Z']
  const order = (what: Order): Event => ({
    type: 'order.received',
    order: { id: `${what.do}`, at: begin, by: 'claire', order: what },
  })
  const measured: Event[] = [
    { type: 'gate.reached', gate: 'go' },
    { type: 'check.started', gate: 'go', check: 'fresh', attempt: 1 },
    {
      ...{ type: 'check.done', gate: 'go', check: 'fresh', attempt: 1 },
      ...{ passed: true, value: 0, unit: '', figures: {} },
    },
    order({ do: 'go', role: 'lead', gate: 'go' }),
  ]
  /** All at one instant. */
  const decided = (events: Event[], now: string): string[] => {
    const started: Event = {
      ...{ type: 'run.started', mode: 'live', planName: '', planHash: '', runbookHash: '' },
      ...{ programVersion: '', windowStart: begin, windowEnd: begin, fencingNumber: 1, by: '' },
    }
    const entries = [started, ...events].map((event, index): Entry => {
      return { sequence: index + 1, at, run: 'run', event, previousHash: '', hash: '' }
    })
    const run = fold(entries).runs[0] as Run
    const plan = aPlan(runbook.steps)
    return decide(
      runbook,
      { ...run, windowEnd: '2026-12-12T23:00:00Z' },
      plan,
      Temporal.Instant.from(now),
    ).commands.map(command => command.do)
  }

  it('a young figure opens the gate', () => {
    expect(decided(measured, '2026-12-12T21:00:06Z')).toEqual(['open'])
  })

  it('one of before a resume does not, whenever its order was given and at whatever instant it came', () => {
    const held = [...measured, order({ do: 'hold' }), order({ do: 'resume' })]
    expect(decided(held, '2026-12-12T21:00:06Z')).toEqual(['check'])
    const [reached, ...rest] = measured as [Event, ...Event[]]
    expect(decided([reached, order({ do: 'resume' }), ...rest], '2026-12-12T21:00:06Z')).toEqual(['open'])
  })

  it('one that was measured in the future does not: another clock has told when', () => {
    expect(decided(measured, '2026-12-12T20:40:00Z')).toEqual(['check'])
    // the clock of one machine is read again, and rounded
    expect(decided(measured, '2026-12-12T21:00:04.999Z')).toEqual(['open'])
  })
})

const minutesOld =
  (minutes: number): Person['when'] =>
  (run, now) =>
    run.gates.go?.checks.old?.status === 'passed' &&
    Date.parse(now) - Date.parse(run.startedAt) >= minutes * 60_000

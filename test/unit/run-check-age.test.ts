import { describe, expect, it } from 'vitest'
import type { Run } from '../../src/model/run.ts'
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

const minutesOld =
  (minutes: number): Person['when'] =>
  (run, now) =>
    run.gates.go?.checks.old?.status === 'passed' &&
    Date.parse(now) - Date.parse(run.startedAt) >= minutes * 60_000

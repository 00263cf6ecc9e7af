import { describe, expect, it } from 'vitest'
import type { Gate } from '../../src/model/step.ts'
import { Night, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aCheck, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const steps = [
  aStep('a.stop', ['go']),
  aStep('b.stop', ['go']),
  aStep('a.promote', ['integrity'], { trigger: 'R1' }),
  aStep('b.start', ['a.promote']),
  aStep('b.switch', ['reopen']),
]
const gates: Gate[] = [
  { id: 'go', title: { key: 'test.gate' }, after: [], checks: [aCheck('T1')], signoffs: ['lead'] },
  {
    id: 'integrity',
    title: { key: 'test.gate' },
    after: ['a.stop', 'b.stop', 'go'],
    checks: [aCheck('T9')],
    signoffs: [],
  },
  {
    id: 'reopen',
    title: { key: 'test.gate' },
    after: ['b.start', 'integrity'],
    checks: [aCheck('T10')],
    signoffs: ['lead', 'tester'],
  },
]

function aNight(failing: boolean): Night {
  const clock = new VirtualClock()
  const runbook = aRunbook(steps, gates)
  const world = new RecordingWorld(clock, failing ? { 'b.start': { failures: 99 } } : {})
  return new Night(aPlan(steps), runbook, clock, world, willing(runbook))
}

describe.each([
  { failing: false, outcome: 'moved' },
  { failing: true, outcome: 'rolled-back' },
])('a night that ends $outcome, killed at every journal write', ({ failing, outcome }) => {
  it('ends the same after a resume, with no effect lost and none doubled', async () => {
    const whole = aNight(failing)
    expect(await whole.carryOut()).toBe(outcome)
    const writes = whole.journal.entries().length
    expect(writes).toBeGreaterThan(20)
    for (let count = 2; count <= writes; count++) {
      for (const when of ['before', 'after'] as const) {
        const night = aNight(failing)
        night.journal.killAt = { count, when }
        await expect(night.carryOut()).rejects.toThrow('killed at journal write')
        expect(await night.resume(), `killed ${when} write ${count}`).toBe(outcome)
        expect([...night.world.effects].sort()).toEqual([...whole.world.effects].sort())
        const repeated = steps.filter(step => night.world.count('effect', step.id) > 1).map(step => step.id)
        expect(repeated, `killed ${when} write ${count}`).toEqual([])
      }
    }
  })
})

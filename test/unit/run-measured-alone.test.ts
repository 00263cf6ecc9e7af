import { describe, expect, it } from 'vitest'
import type { Check, Gate } from '../../src/model/step.ts'
import { Night, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aCheck, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

/** A night with these checks at its first gate; each takes five seconds. */
function aNight(checks: Check[], values: Record<string, number> = {}): Night {
  const clock = new VirtualClock()
  const gate: Gate = { id: 'go', title: { key: 'test.gate' }, after: [], checks, signoffs: ['lead'] }
  const steps = [aStep('a.stop', ['go'])]
  const runbook = aRunbook(steps, [gate])
  const world = new RecordingWorld(clock, {}, values)
  world.measureSeconds = 5
  return new Night(aPlan(steps), runbook, clock, world, willing(runbook))
}
const measured = (night: Night): string[] =>
  night.journal
    .entries()
    .map(({ event }) => event)
    .filter(event => event.type.startsWith('check.'))
    .map(event => `${event.type.replace('check.', '')} ${'check' in event && event.check}`)

describe('a check whose figure others would spoil', () => {
  it('is measured when the gate’s other checks have ended, wherever the plan names it', async () => {
    const night = aNight([aCheck('speed', { alone: true }), aCheck('equal'), aCheck('there')])
    expect(await night.carryOut()).toBe('moved')
    expect(measured(night).slice(0, 2)).toEqual(['started equal', 'started there'])
    expect(measured(night).slice(-2)).toEqual(['started speed', 'done speed'])
  })

  it('waits for the last attempt of a check that only wants to be told', async () => {
    const told = aCheck('told', { attempts: 2, onFailure: 'alert' })
    const night = aNight([aCheck('speed', { alone: true }), told], { told: 1 })
    await night.carryOut()
    expect(measured(night).indexOf('started speed')).toBe(measured(night).lastIndexOf('done told') + 1)
  })

  it('is not measured for nothing when another one has ended the night', async () => {
    const night = aNight([aCheck('speed', { alone: true }), aCheck('equal')], { equal: 1 })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.world.count('measure', 'speed')).toBe(0)
  })

  it('is measured beside others of its sort: they share what they read', async () => {
    const night = aNight([aCheck('p95', { alone: true }), aCheck('p99', { alone: true })])
    expect(await night.carryOut()).toBe('moved')
    expect(measured(night).slice(0, 2)).toEqual(['started p95', 'started p99'])
  })
})

import { describe, expect, it } from 'vitest'
import type { Run } from '../../src/model/run.ts'
import type { Gate, Step } from '../../src/model/step.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const chain = (): Step[] => [
  aStep('a.stop', ['go']),
  aStep('b.stop', ['go']),
  aStep('a.fence', ['a.stop', 'b.stop']),
  aStep('a.promote', ['integrity'], { trigger: 'R1' }),
  aStep('b.start', ['a.promote']),
  aStep('b.switch', ['reopen']),
]
const gates = (): Gate[] => [
  aGate('go', []),
  aGate('integrity', ['a.fence', 'go']),
  aGate('reopen', ['b.start', 'integrity']),
]

function aNight(
  options: {
    behaviours?: Record<string, Behaviour>
    values?: Record<string, number>
    people?: Person[]
    steps?: Step[]
    minutes?: number
  } = {},
): Night {
  const clock = new VirtualClock()
  const steps = options.steps ?? chain()
  const runbook = aRunbook(steps, gates())
  const plan = aPlan(steps, {
    window: { start: '2026-12-12T22:00', lengthMinutes: options.minutes ?? 120, rollbackReserveMinutes: 0 },
  })
  const world = new RecordingWorld(clock, options.behaviours, options.values)
  return new Night(plan, runbook, clock, world, options.people ?? willing(runbook))
}

describe('a night', () => {
  it('carries every step out once and is moved', async () => {
    const night = aNight()
    expect(await night.carryOut()).toBe('moved')
    for (const step of night.runbook.steps) expect(night.world.count('effect', step.id)).toBe(1)
  })

  it('runs independent branches at the same time', async () => {
    const night = aNight()
    await night.carryOut()
    const { 'a.stop': first, 'b.stop': second } = night.run.steps
    expect(first?.startedAt).toBe(second?.startedAt)
  })

  it('tries again with a growing pause, as often as the step says', async () => {
    const night = aNight({ behaviours: { 'a.fence': { failures: 1 } } })
    expect(await night.carryOut()).toBe('moved')
    expect(night.run.steps['a.fence']?.attempt).toBe(2)
  })

  it('does not repeat an effect whose attempt failed after it', async () => {
    const night = aNight({ behaviours: { 'a.fence': { failures: 1, failsAfterEffect: true } } })
    expect(await night.carryOut()).toBe('moved')
    expect(night.world.count('effect', 'a.fence')).toBe(1)
    expect(night.run.steps['a.fence']?.how).toBe('found-done')
  })

  it('rolls back by itself when a step keeps failing, in reverse, and names the trigger', async () => {
    const night = aNight({ behaviours: { 'a.promote': { failures: 9 } } })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('R1')
    expect(night.world.effects.size).toBe(0)
    const undone = night.world.calls.filter(call => call.what === 'undone').map(call => call.step)
    expect(undone.indexOf('a.promote')).toBeLessThan(undone.indexOf('a.fence'))
    expect(undone.indexOf('a.fence')).toBeLessThan(undone.indexOf('a.stop'))
    expect(undone).not.toContain('b.start')
  })

  it('aborts an attempt at its deadline', async () => {
    const night = aNight({ behaviours: { 'b.start': { hangs: true } } })
    expect(await night.carryOut()).toBe('rolled-back')
    const failures = night.journal
      .entries()
      .map(entry => entry.event)
      .filter(event => event.type === 'step.failed')
    expect(failures.map(event => event.aborted)).toEqual(['deadline', 'deadline'])
  })

  it('rolls back when a check of the integrity gate fails (R3)', async () => {
    const night = aNight({ values: { 'check-integrity': 1 } })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('R3')
    expect(night.world.count('apply', 'a.promote')).toBe(0)
  })

  it('rolls back on a NO-GO and does nothing more of the night', async () => {
    const people = willing(aRunbook(chain(), gates())).slice(0, 2)
    people.push({
      when: run => run.gates.reopen !== undefined,
      order: { do: 'no-go', role: 'lead', note: 'the tester is not content' },
    })
    const night = aNight({ people })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('no-go')
    expect(night.world.count('apply', 'b.switch')).toBe(0)
  })

  it('never opens a gate by time passing; past the last safe moment it rolls back (R4)', async () => {
    const people = willing(aRunbook(chain(), gates())).slice(0, 2)
    const night = aNight({ people, minutes: 30 })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('R4')
    expect(Date.parse(night.run.finishedAt ?? '')).toBeLessThanOrEqual(Date.parse(night.run.windowEnd))
    expect(night.world.effects.size).toBe(0)
  })

  it('does not begin what could no longer be undone in the window', async () => {
    const slow = {
      possible: true,
      expectedSeconds: 1000,
      deadlineSeconds: 2000,
      byHand: { key: 'test.byHand' },
    } as const
    const steps = chain().map(step => (step.id === 'a.promote' ? { ...step, undo: slow } : step))
    // the GO of `integrity` comes when 1500 s of rollback have no place any more
    const runbook = aRunbook(steps, gates())
    const people = willing(runbook).map(person =>
      person.order.do === 'go' && person.order.gate === 'integrity'
        ? {
            ...person,
            when: (run: Run, now: string) => Date.parse(now) > Date.parse(run.windowStart) + 400_000,
          }
        : person,
    )
    const night = aNight({ people, steps, minutes: 30 })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback).toMatchObject({ trigger: 'R4', why: { key: 'run.why.startsTooLate' } })
    expect(night.world.count('apply', 'a.promote')).toBe(0)
  })

  it('refuses a GO sent before the gate is reached, and one by somebody else', async () => {
    const runbook = aRunbook(chain(), gates())
    const early: Person = { when: () => true, order: { do: 'go', role: 'lead', gate: 'reopen' } }
    const other: Person = {
      when: run => run.gates.go !== undefined,
      order: { do: 'go', role: 'tester', gate: 'go' },
    }
    const night = aNight({ people: [early, other, ...willing(runbook)] })
    expect(await night.carryOut()).toBe('moved')
    const refused = night.journal
      .entries()
      .map(entry => entry.event)
      .filter(event => event.type === 'order.refused')
    expect(refused.map(event => event.why.key)).toEqual(['run.order.gateNotReached', 'run.order.notYourGate'])
  })

  it('starts nothing while it is held, and goes on when told', async () => {
    const hold: Person = { when: run => run.steps['a.stop']?.status === 'running', order: { do: 'hold' } }
    const resume: Person = {
      when: (run, now) => run.held !== undefined && Date.parse(now) > Date.parse(run.held.at) + 600_000,
      order: { do: 'resume' },
    }
    const night = aNight({ people: [hold, resume, ...willing(aRunbook(chain(), gates()))] })
    expect(await night.carryOut()).toBe('moved')
    const { 'a.stop': before, 'a.fence': after } = night.run.steps
    expect(Date.parse(after?.startedAt ?? '') - Date.parse(before?.endedAt ?? '')).toBeGreaterThan(590_000)
  })

  it('stops when an undo keeps failing, and goes on once a person has done it by hand', async () => {
    const night = aNight({ behaviours: { 'a.promote': { failures: 9 }, 'a.fence': { undoFailures: 99 } } })
    expect(await night.carryOut()).toBe('rollback-failed')
    expect(night.world.effects.has('a.stop')).toBe(true)
    night.people.push({
      when: run => run.steps['a.fence']?.undo?.status === 'failed',
      order: { do: 'done', step: 'a.fence', reason: 'ALTER SYSTEM by hand' },
    })
    expect(await night.resume()).toBe('rolled-back-by-hand')
    expect(night.run.steps['a.fence']?.undo?.how).toBe('by-hand')
    expect(night.world.effects.has('a.stop')).toBe(false)
  })

  it('says so when a person left an undo out, and nothing of an undo that is impossible', async () => {
    const undo = { possible: false as const, why: { key: 'test.cannot' as const } }
    const steps = chain().map(step => (step.id === 'a.promote' ? { ...step, undo } : step))
    const left = aNight({ steps, behaviours: { 'b.start': { failures: 9 } } })
    expect(await left.carryOut()).toBe('rolled-back')
    const night = aNight({ behaviours: { 'a.promote': { failures: 9 }, 'a.fence': { undoFailures: 99 } } })
    night.people.push({
      when: run => run.steps['a.fence']?.undo?.status === 'failed',
      order: { do: 'skip', step: 'a.fence', reason: 'the disk is gone' },
    })
    expect(await night.carryOut()).toBe('rolled-back-by-hand')
  })

  it('rolls a moved night back on a later order', async () => {
    const night = aNight()
    expect(await night.carryOut()).toBe('moved')
    night.people.push({ when: () => true, order: { do: 'roll-back', reason: 'the trainers cannot work' } })
    expect(await night.resume()).toBe('rolled-back')
    expect(night.world.effects.size).toBe(0)
  })

  it('ends with `waiting` when only people are waited for and nobody is to be waited for', async () => {
    const night = aNight({ people: [] })
    expect(await night.carryOut(false)).toBe('waiting')
  })
})

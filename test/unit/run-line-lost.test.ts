import { describe, expect, it } from 'vitest'
import type { Entry, Event } from '../../src/model/event.ts'
import type { Run } from '../../src/model/run.ts'
import type { StageId } from '../../src/model/stage.ts'
import type { RunMode } from '../../src/model/step.ts'
import { fold } from '../../src/run/fold.ts'
import { lineLostLimit } from '../../src/run/line-lost.ts'
import { Night, type Person } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aCheck, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

type Outage = { from: number; to: number }

/** A transfer of 60 s, then another step; one attempt each, so that whatever counts as a failure undoes the night. */
function nightWith(outages: Outage[], minutes = 120, people: Person[] = []) {
  const clock = new VirtualClock()
  const transfer = {
    ...aStep('files.send', []),
    transfer: 'resumes' as const,
    attempts: 1,
    deadlineSeconds: 600,
  }
  const runbook = aRunbook([transfer, { ...aStep('dns.switch', ['files.send']), attempts: 1 }], [])
  const world = new RecordingWorld(clock, { 'files.send': { beforeSeconds: 60 } })
  world.outages = outages
  const window = { start: '2026-12-12T22:00', lengthMinutes: minutes, rollbackReserveMinutes: 0 }
  const night = new Night(aPlan(runbook.steps, { window }), runbook, clock, world, people)
  const told = () =>
    night.journal
      .entries()
      .map(({ event }) => [event.type, 'step' in event ? event.step : ''].join(' ').trim())
  return { night, told }
}

const isType =
  <T extends Event['type']>(type: T) =>
  (event: Event): event is Extract<Event, { type: T }> =>
    event.type === type

it('ends a transfer that can go on where it was, starts nothing, and goes on when the line is back', async () => {
  const { night, told } = nightWith([{ from: 20, to: 200 }])
  expect(await night.carryOut()).toBe('moved')
  expect(told()).toEqual([
    ...['run.started', 'step.started files.send', 'line.lost', 'step.failed files.send'],
    ...['line.back', 'step.started files.send', 'step.done files.send'],
    ...['step.started dns.switch', 'step.done dns.switch', 'run.finished'],
  ])
  const paused = night.journal
    .entries()
    .map(({ event }) => event)
    .find(isType('step.failed'))
  expect(paused?.aborted).toBe('line-lost')
  // its one attempt is not used up by the pause
  expect(night.run.steps['files.send']).toMatchObject({ status: 'done', failures: 0, attempt: 2 })
  expect(night.run.linesLost).toEqual({})
})

it('one look that finds nothing is not a line lost', async () => {
  const { night, told } = nightWith([{ from: 21, to: 23 }])
  expect(await night.carryOut()).toBe('moved')
  expect(told()).not.toContain('line.lost')
})

it('rolls back by itself at the last safe moment when the line does not come back', async () => {
  const { night, told } = nightWith([{ from: 20, to: 100_000 }], 5)
  expect(await night.carryOut()).toBe('rolled-back')
  expect(night.run.rollback).toMatchObject({ trigger: 'R4', why: { key: 'run.why.overrun' } })
  expect(told()).toContain('undo.done files.send')
})

/** For ever, as far as a night goes. */
const away = 100_000

describe('a line that stays lost', () => {
  const secondsLost = ({ journal, run }: Night): number => {
    const lost = journal.entries().find(({ event }) => event.type === 'line.lost')
    return (Date.parse(run.rollback?.at ?? '') - Date.parse(lost?.at ?? '')) / 1000
  }

  it('is waited for as long as the plan says once users are cut, then the night is undone', async () => {
    const { night, told } = nightWith([{ from: 20, to: away }])
    expect(await night.carryOut()).toBe('rolled-back')
    const why = { key: 'run.why.lineLost', values: { component: 'line', seconds: 300 } }
    expect(night.run.rollback).toMatchObject({ trigger: 'R4', why })
    expect(secondsLost(night)).toBe(300)
    expect(told()).toContain('undo.done files.send')
  })

  it('is waited for as long by a program that goes on after a crash', async () => {
    const { night } = nightWith([{ from: 20, to: away }])
    night.journal.killAt = { count: 4, when: 'after' }
    await expect(night.carryOut()).rejects.toThrow()
    expect(await night.resume()).toBe('rolled-back')
    expect(night.run.rollback?.why.key).toBe('run.why.lineLost')
  })

  it('does not undo a run that a person holds before the last safe moment', async () => {
    const hold: Person = { when: run => Object.keys(run.linesLost).length > 0, order: { do: 'hold' } }
    const goOn: Person = { when: run => run.rollback !== undefined, order: { do: 'resume' } }
    const { night } = nightWith([{ from: 20, to: away }], 30, [hold, goOn])
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.why.key).toBe('run.why.overrun')
    expect(secondsLost(night)).toBeGreaterThan(1500)
  })

  /** A gate with a check of 30 s in front of the only step. */
  function nightAtGo(stage: StageId, mode: RunMode, minutes = 120) {
    const clock = new VirtualClock()
    const gate = {
      id: 'go' as const,
      title: { key: 'test.gate' as const },
      after: [],
      checks: [aCheck('T1')],
      signoffs: [],
    }
    const step = aStep('dns.switch', mode === 'live' ? ['go'] : [], { stage })
    const runbook = aRunbook([step], mode === 'live' ? [gate] : [], mode)
    const world = new RecordingWorld(clock, {})
    world.measureSeconds = 30
    const window = { start: '2026-12-12T22:00', lengthMinutes: minutes, rollbackReserveMinutes: 0 }
    return { world, night: new Night(aPlan(runbook.steps, { window }), runbook, clock, world) }
  }

  it('keeps nobody out before the cut: the run waits for it and goes on', async () => {
    const { night, world } = nightAtGo('announce', 'live')
    world.outages = [{ from: 20, to: 2000 }]
    expect(await night.carryOut()).toBe('moved')
  })

  it('is waited for once users are coming back: what they write at the target counts', async () => {
    const { night, world } = nightAtGo('restore-service', 'live')
    world.outages = [{ from: 40, to: 900 }]
    world.behaviours['dns.switch'] = { beforeSeconds: 50 }
    expect(await night.carryOut()).toBe('moved')
  })

  it('undoes no rehearsal: the source serves all the while', async () => {
    const { night, world } = nightAtGo('handover', 'rehearsal')
    world.outages = [{ from: 10, to: 900 }]
    world.behaviours['dns.switch'] = { beforeSeconds: 30 }
    expect(await night.carryOut()).toBe('rehearsed')
    expect(night.run.rollback?.trigger).toBe('rehearsal')
  })
})

describe('a lost line, and the cut, told by the journal where the clock was put back', () => {
  const [early, late] = ['2026-12-12T21:00:00Z', '2026-12-12T22:00:00Z']
  const runbook = aRunbook([aStep('a.stop'), aStep('b.start', ['a.stop'])])
  const cut = (step: string): Event => ({ type: 'step.started', step, attempt: 1 })
  const lost = (watch: string): Event => {
    return { type: 'line.lost', component: watch, watch, why: { key: 'test.line' } }
  }
  const limit = (...told: [at: string, event: Event][]) => {
    const started: Event = {
      ...{ type: 'run.started', mode: 'live', planName: '', planHash: '', runbookHash: '' },
      ...{ programVersion: '', windowStart: early, windowEnd: late, fencingNumber: 1, by: '' },
    }
    const entries = [[late, started] as const, ...told].map(([at, event], index): Entry => {
      return { sequence: index + 1, at, run: 'run', event, previousHash: '', hash: '' }
    })
    return lineLostLimit(runbook, fold(entries).runs[0] as Run, aPlan(runbook.steps))
  }

  it('it is waited for from its loss, whatever a quicker clock said of the cut', () => {
    const resumed: Event = { type: 'run.resumed', fencingNumber: 2, by: '', programVersion: '' }
    const seen = limit([late, cut('a.stop')], [early, resumed], [early, lost('line')])
    expect(seen).toMatchObject({ from: early, component: 'line' })
  })

  it('it is waited for from the cut that came later', () => {
    expect(limit([late, lost('line')], [early, cut('a.stop')])?.from).toBe(early)
    expect(limit([late, lost('line')], [late, cut('a.stop')], [early, cut('b.start')])?.from).toBe(late)
  })

  it('the one that was lost first is waited for', () => {
    expect(limit([late, cut('a.stop')], [late, lost('one')], [early, lost('other')])).toMatchObject({
      ...{ from: late, component: 'one' },
    })
  })
})

it('measures again what was being measured when the line was lost', async () => {
  const clock = new VirtualClock()
  const gate = {
    id: 'go' as const,
    title: { key: 'test.gate' as const },
    after: [],
    checks: [aCheck('T1')],
    signoffs: [],
  }
  const runbook = aRunbook([aStep('dns.switch', ['go'])], [gate])
  const world = new RecordingWorld(clock)
  world.outages = [{ from: 20, to: 60 }]
  world.measureSeconds = 30
  const night = new Night(aPlan(runbook.steps), runbook, clock, world)
  expect(await night.carryOut()).toBe('moved')
  const checks = night.journal
    .entries()
    .map(({ event }) => event)
    .filter(event => event.type.startsWith('check.'))
  expect(checks).toMatchObject([
    { type: 'check.started', attempt: 1 },
    { type: 'check.failed', aborted: 'line-lost' },
    { type: 'check.started', attempt: 2 },
    { type: 'check.done', passed: true },
  ])
})

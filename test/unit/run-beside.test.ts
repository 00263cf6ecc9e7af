import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { forecast } from '../../src/forecast/forecast.ts'
import type { Step } from '../../src/model/step.ts'
import { emptyRun } from '../../src/run/empty-run.ts'
import { gateEdges, stageEdges } from '../../src/runbook/edges.ts'
import { deviations } from '../../src/views/deviations.ts'
import { renderLines } from '../../src/views/lines.ts'
import { status } from '../../src/views/status.ts'
import { headLines } from '../../src/views/status-lines.ts'
import { Night, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { pictureOf } from '../helpers/night-run-views.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const formatter = strictFormatter()
const title = { key: 'test.step', values: { step: 'copy' } } as const
const beside: Partial<Step> = {
  title,
  beside: true,
  stage: 'settle',
  expectedSeconds: 7200,
  deadlineSeconds: 20_000,
}

function night(behaviour: Behaviour, change: Partial<Step> = beside): Night {
  const clock = new VirtualClock()
  const steps = [
    aStep('a.stop', ['go'], { title }),
    aStep('a.open', ['reopen'], { title, stage: 'restore-service' }),
    aStep('a.copy', ['a.open'], change),
  ]
  const runbook = aRunbook(steps, [
    aGate('go', []),
    aGate('integrity', ['a.stop']),
    aGate('reopen', ['a.stop']),
  ])
  const world = new RecordingWorld(clock, { 'a.copy': behaviour })
  return new Night(aPlan(steps), runbook, clock, world, willing(runbook))
}

describe('a step beside the run', () => {
  it('fails for good, and the run is moved and tells it; one that is not beside it is rolled back', async () => {
    const one = night({ failures: 9 })
    expect(await one.carryOut()).toBe('moved')
    expect(one.run.rollback).toBeUndefined()
    expect(one.run.steps['a.copy']).toMatchObject({ status: 'failed', failures: 2 })
    const told = renderLines(headLines(pictureOf(one), status(pictureOf(one), formatter), formatter)).join(
      '\n',
    )
    expect(told).toContain('FAILED. The run does without it.')
    const found = deviations(pictureOf(one), one.journal.entries(), formatter)
    expect(found.map(({ what, id }) => `${what} ${id}`)).toContain('failed a.copy')
    const { beside: _of, ...within } = beside
    expect(await night({ failures: 9 }, within).carryOut()).toBe('rolled-back')
  })

  it('is waited for before the run ends, and tried again', async () => {
    const one = night({ failures: 1, beforeSeconds: 3000 })
    expect(await one.carryOut()).toBe('moved')
    expect(one.run.steps['a.copy']).toMatchObject({ status: 'done', attempt: 2 })
    expect(Date.parse(one.run.finishedAt ?? '') - Date.parse(one.run.windowStart)).toBeGreaterThan(3_000_000)
  })

  it('outlasts the window, which is kept all the same', async () => {
    const one = night({ beforeSeconds: 9 * 3600 }, { ...beside, deadlineSeconds: 10 * 3600 })
    expect(await one.carryOut()).toBe('moved')
    expect(Date.parse(one.run.finishedAt ?? '')).toBeGreaterThan(Date.parse(one.run.windowEnd))
    expect(
      deviations(pictureOf(one), one.journal.entries(), formatter).map(({ what }) => what),
    ).not.toContain('overWindow')
  })

  it('that hangs is ended at its deadline, and the run with it', async () => {
    const one = night({ hangs: true }, { ...beside, deadlineSeconds: 60 })
    expect(await one.carryOut()).toBe('moved')
    expect(one.run.steps['a.copy']?.status).toBe('failed')
  })

  it('that runs still is ended and undone when people roll back', async () => {
    const one = night({ beforeSeconds: 3000 })
    const runs = () => one.run.steps['a.copy']?.status === 'running'
    one.people.push({ when: runs, order: { do: 'roll-back', reason: 'tried' } })
    expect(await one.carryOut()).toBe('rolled-back')
    expect(one.world.count('undo', 'a.copy')).toBe(1)
  })

  it('does not put off the forecast end, and nothing waits for it', () => {
    const { runbook, plan } = night({})
    const run = emptyRun(plan, runbook)
    const seen = forecast(runbook, run, plan, Temporal.Instant.from(run.windowStart))
    expect(seen.criticalPath).not.toContain('a.copy')
    expect(Date.parse(seen.projectedFinish) - Date.parse(run.windowStart)).toBeLessThan(60_000)
    const early = aStep('b.copy', [], { beside: true, stage: 'fence' })
    const later = aStep('c.open', [], { stage: 'start' })
    expect(stageEdges(later, [early, later], plan, [])).toEqual([])
    expect(gateEdges('reopen', [early, later], [])).toEqual(['c.open'])
  })
})

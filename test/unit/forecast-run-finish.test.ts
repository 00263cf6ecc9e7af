import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { quantileOfSorted } from '../../src/forecast/quantiles.ts'
import { estimatedRatios } from '../../src/forecast/ratios.ts'
import { finishOf, remaining } from '../../src/forecast/run-finish.ts'
import type { Residual } from '../../src/model/residual.ts'
import type { GateState, Run, StepState } from '../../src/model/run.ts'
import { emptyRun } from '../../src/run/empty-run.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const steps = [
  aStep('a.copy', ['go'], { expectedSeconds: 100, action: 'copy' }),
  aStep('a.start', ['a.copy'], { expectedSeconds: 50, action: 'start' }),
]
const runbook = aRunbook(steps, [aGate('go', [], { checks: [], signoffs: ['lead'] })])
const plan = aPlan(steps)
const begin = Temporal.Instant.from('2026-12-12T21:00:00Z')
const later = (seconds: number): Temporal.Instant => begin.add({ milliseconds: Math.round(seconds * 1000) })
const at = (seconds: number): string => later(seconds).toString()

const done = (from: number, to: number): StepState => ({
  ...{ status: 'done', attempt: 1, failures: 0, mayHaveChanged: true, startedAt: at(from), endedAt: at(to) },
})
const running = (from: number): StepState => ({
  ...{ status: 'running', attempt: 1, failures: 0, mayHaveChanged: true, startedAt: at(from) },
})
const reached: GateState = { reachedAt: at(0), checks: {}, signoffs: {} }
const open: GateState = { ...reached, openedAt: at(10) }

/** Seconds after the beginning. */
function finish(change: Partial<Run>, now: number, residuals: Residual[] = []) {
  const run: Run = { ...emptyRun(plan, runbook), ...change }
  const { p50, p95 } = finishOf({ plan, runbook, kinds: {}, residuals }, run, later(now))
  const seconds = (instant: string): number => begin.until(instant).total('seconds')
  return { p50: seconds(p50), p95: seconds(p95) }
}

describe('the finish of a run', () => {
  it('is that of the whole night before anything has begun, the people included', () => {
    const { p50, p95 } = finish({}, 0)
    expect(p50).toBeGreaterThan(250)
    expect(p50).toBeLessThan(310)
    expect(p95).toBeGreaterThan(400)
  })

  it('is the same for the same journal and instant', () => {
    const state = { gates: { go: open }, steps: { 'a.copy': running(10) } }
    expect(finish(state, 40)).toEqual(finish(state, 40))
  })

  it('counts nothing any more of what is done, and what is left of what runs', () => {
    const end = finish(
      { gates: { go: open }, steps: { 'a.copy': done(10, 200), 'a.start': running(200) } },
      230,
    )
    expect(end.p50).toBeGreaterThan(240)
    expect(end.p50).toBeLessThan(260)
    expect(end.p95).toBeLessThan(300)
  })

  it('is now when all is done', () => {
    const all = { 'a.copy': done(10, 110), 'a.start': done(110, 160) }
    expect(finish({ gates: { go: open }, steps: all }, 170)).toEqual({ p50: 170, p95: 170 })
  })

  it('waits no more for who has said GO, and longer for who has let wait', () => {
    const given: GateState = { ...reached, signoffs: { lead: { decision: 'go', by: 'Ana', at: at(5) } } }
    expect(finish({ gates: { go: given } }, 10).p50).toBeLessThan(190)
    const early = finish({ gates: { go: reached } }, 60)
    const late = finish({ gates: { go: reached } }, 3600)
    expect(late.p50).toBeGreaterThan(early.p50)
    expect(late.p50).toBeGreaterThan(3600 + 150)
  })

  it('is corrected by what earlier runs have measured', () => {
    const residuals = Array.from(
      { length: 20 },
      (): Residual => ({
        ...{ timed: 'apply', id: 'a.copy', like: 'double/copy', seconds: 400, expectedSeconds: 100 },
      }),
    )
    const { p50, p95 } = finish({ gates: { go: open } }, 10, residuals)
    expect(p50).toBeGreaterThan(450)
    expect(p95).toBeLessThan(510)
  })

  it('does not come nearer as long as nothing ends', () => {
    const state = { gates: { go: open }, steps: { 'a.copy': running(10) } }
    const ends = Array.from({ length: 80 }, (_, index) => finish(state, 10 + index * 7))
    for (const [index, end] of ends.entries()) {
      expect(end.p50).toBeGreaterThanOrEqual((ends[index - 1]?.p50 ?? 0) - 0.01)
      expect(end.p95).toBeGreaterThanOrEqual((ends[index - 1]?.p95 ?? 0) - 0.01)
      expect(end.p95).toBeGreaterThanOrEqual(end.p50)
    }
  })
})

describe('what delays the end', () => {
  const delays = (change: Partial<Run>, now: number) =>
    finishOf(
      { plan, runbook, kinds: {}, residuals: [] },
      { ...emptyRun(plan, runbook), ...change },
      later(now),
    ).delays

  it('is the sign-off that a gate waits for, since its checks have ended', () => {
    expect(delays({ gates: { go: reached } }, 60)).toEqual([
      { of: { gate: 'go', role: 'lead' }, share: 1, since: at(0), waiting: ['go'] },
    ])
  })

  it('is the step that runs, and who waits for it; nothing that waits itself, and nothing once all is done', () => {
    expect(delays({ gates: { go: open }, steps: { 'a.copy': running(10) } }, 40)).toEqual([
      { of: { step: 'a.copy' }, share: 1, since: at(10), waiting: ['a.start'] },
    ])
    const all = { 'a.copy': done(10, 110), 'a.start': done(110, 160) }
    expect(delays({ gates: { go: open }, steps: all }, 170)).toEqual([])
  })
})

describe('what is left of something that runs', () => {
  const task = { seconds: 100, ratios: estimatedRatios(1.5) }
  const p50 = (elapsed: number): number => {
    const left = remaining(task, elapsed)
    return left.seconds * quantileOfSorted(left.ratios, 0.5)
  }

  it('is all of it at its beginning, and never less than nothing', () => {
    expect(p50(0)).toBeCloseTo(100, 0)
    for (const elapsed of [0, 50, 99, 150, 226, 1000])
      expect(Math.min(...remaining(task, elapsed).ratios)).toBeGreaterThanOrEqual(0)
  })

  it('grows with its time once it has outlasted nearly everything', () => {
    expect(p50(1000)).toBeGreaterThan(p50(300))
    expect(remaining({ ...task, seconds: 0 }, 10).seconds).toBe(0)
  })
})

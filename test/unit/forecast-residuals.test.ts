import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aloneSeconds } from '../../src/forecast/link-share.ts'
import { quantileOfSorted } from '../../src/forecast/quantiles.ts'
import { correctedRatios, estimatedRatios } from '../../src/forecast/ratios.ts'
import { ratiosFor, residualsIn } from '../../src/forecast/residuals.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Entry, Event } from '../../src/model/event.ts'
import { instantAt } from '../../src/model/instant.ts'
import type { Residual } from '../../src/model/residual.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { aCheck, aGate, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const runbook = aRunbook(
  [aStep('a.copy', [], { expectedSeconds: 10, action: 'copy' }), aStep('b.copy', ['go'], { action: 'copy' })],
  [aGate('go', ['a.copy'], { checks: [aCheck('K1'), aCheck('K2')], signoffs: ['lead'] })],
)
const started: Event = {
  ...{ type: 'run.started', mode: 'live', planName: 'test', planHash: '', runbookHash: runbook.hash },
  ...{ programVersion: '1', windowStart: '', windowEnd: '', fencingNumber: 1, by: 'marie' },
}
const resumed: Event = { type: 'run.resumed', fencingNumber: 2, by: 'marie', programVersion: '1' }

/** Entries of one run, each so many seconds after midnight. */
function journal(...events: [seconds: number, Event][]): Entry[] {
  const all: [number, Event][] = [
    [0, { type: 'runbook.recorded', hash: runbook.hash, runbook }],
    [0, started],
    ...events,
  ]
  return all.map(([seconds, event], sequence) => ({
    ...{ sequence, at: instantAt(seconds * 1000), run: 'run-1', event, previousHash: '', hash: '' },
  }))
}
const stepStarted = (step: string, attempt = 1): Event => ({ type: 'step.started', step, attempt })
const stepDone = (step: string, how: 'applied' | 'by-hand' = 'applied'): Event => ({
  ...{ type: 'step.done', step, attempt: 1, how },
})
const checked = (check: string): Event => ({
  ...{ type: 'check.done', gate: 'go', check, attempt: 1, passed: true, value: 0, unit: '', figures: {} },
})
const said = (decision: 'go' | 'no-go'): Event => ({
  type: 'order.received',
  order: { id: '1', at: '', by: 'Ana', order: { do: decision, gate: 'go', role: 'lead' } },
})

describe('what was sent while others sent', () => {
  const copy = (begun: number, ended: number, linkShare = 1) => ({ begun, ended, linkShare })
  const alone = (...all: Parameters<typeof aloneSeconds>[0]) =>
    aloneSeconds(all).map(seconds => Math.round(seconds * 100) / 100)

  it('is timed as if it had had the link to itself', () => {
    expect(alone(copy(0, 10))).toEqual([10])
    expect(alone(copy(0, 20), copy(0, 20))).toEqual([10, 10])
    // ten seconds alone, then ten at half the rate
    expect(alone(copy(0, 20), copy(10, 20))).toEqual([15, 5])
    expect(alone(copy(0, 30), copy(0, 30), copy(0, 30))).toEqual([10, 10, 10])
    expect(alone(copy(0, 10), copy(10, 20))).toEqual([10, 10])
    // nothing of it is sent
    expect(alone(copy(0, 10, 0), copy(0, 10))).toEqual([10, 10])
  })

  it('counts as shared only while both send: a step sends in the last part of its time', () => {
    // each works 5 s, then sends 5 s of its own for 10 s at half the rate
    expect(alone(copy(0, 15, 0.5), copy(0, 15, 0.5))).toEqual([10, 10])
    expect(alone(copy(0, 10, 0.5), copy(10, 20, 0.5))).toEqual([10, 10])
  })

  it('gives the forecast the step’s own time from the journal; a failed attempt took its part of the link too', () => {
    const sending = aRunbook(
      ['a', 'b', 'c'].map(id => aStep(`${id}.copy`, [], { expectedSeconds: 10, transfer: 'resumes' })),
    )
    const events: [number, Event][] = [
      [0, { type: 'runbook.recorded', hash: sending.hash, runbook: sending }],
      [0, { ...started, runbookHash: sending.hash } as Event],
      ...(['a.copy', 'b.copy', 'c.copy'].map(id => [0, stepStarted(id)]) as [number, Event][]),
      [30, stepDone('a.copy')],
      [
        30,
        { type: 'step.failed', step: 'b.copy', attempt: 1, why: { key: 'test.cannot' } } as unknown as Event,
      ],
      [30, stepDone('c.copy')],
    ]
    const entries = events.map(([seconds, event], sequence) => ({
      ...{ sequence, at: instantAt(seconds * 1000), run: 'run-1', event, previousHash: '', hash: '' },
    }))
    const seconds = residualsIn(entries, {}).map(one => Math.round(one.seconds * 100) / 100)
    expect(seconds).toEqual([10, 10])
  })
})

describe('what the journal has timed', () => {
  it('is each applied step and undo, the checks of a gate, and the wait for a person after them', () => {
    const entries = journal(
      [1, stepStarted('a.copy')],
      [26, stepDone('a.copy')],
      [30, { type: 'gate.reached', gate: 'go' }],
      [33, checked('K1')],
      [42, checked('K2')],
      [102, said('go')],
      // said again, which nobody waited for
      [150, said('go')],
      [200, { type: 'undo.started', step: 'a.copy', attempt: 1 }],
      [203, { type: 'undo.done', step: 'a.copy', attempt: 1, how: 'applied' }],
    )
    expect(residualsIn(entries, {})).toEqual([
      { timed: 'apply', id: 'a.copy', like: 'double/copy', seconds: 25, expectedSeconds: 10 },
      // two checks of 30 s of deadline beside each other
      { timed: 'checks', id: 'go', like: 'go', seconds: 12, expectedSeconds: 6 },
      { timed: 'sign-off', id: 'lead', like: 'sign-off', seconds: 60, expectedSeconds: 1 },
      { timed: 'undo', id: 'a.copy', like: 'double/copy', seconds: 3, expectedSeconds: 2 },
    ])
  })

  it('is of the attempt that succeeded, and not what people did', () => {
    const failure = { text: { key: 'test.step' as const } }
    const entries = journal(
      [1, stepStarted('a.copy')],
      [9, { type: 'step.failed', step: 'a.copy', attempt: 1, failure }],
      [20, stepStarted('a.copy', 2)],
      [24, stepDone('a.copy')],
      [30, stepStarted('b.copy')],
      [90, stepDone('b.copy', 'by-hand')],
    )
    expect(residualsIn(entries, {}).map(({ id, seconds }) => [id, seconds])).toEqual([['a.copy', 4]])
  })

  it('is not what the end of a program cut through', () => {
    const entries = journal([1, stepStarted('a.copy')], [500, resumed], [510, stepDone('a.copy')])
    expect(residualsIn(entries, {})).toEqual([])
  })

  it('leaves out who refuses', () => {
    const reached: Event = { type: 'gate.reached', gate: 'go' }
    const entries = journal([1, reached], [2, checked('K1')], [3, checked('K2')], [9, said('no-go')])
    expect(residualsIn(entries, {}).map(({ timed }) => timed)).toEqual(['checks'])
  })
})

describe('journals of real nights', () => {
  const fixtures = join(import.meta.dirname, '../fixtures/journal-2')

  it.each(readdirSync(fixtures))('give durations of what is in their runbook: %s', async name => {
    // a journal is opened where it may be written beside
    const directory = temporaryFolder('residuals')
    cpSync(join(fixtures, name), directory, { recursive: true })
    const found = residualsIn(readRecords(directory).entries, await loadKinds())
    expect(found.length).toBeGreaterThan(10)
    for (const { seconds, expectedSeconds } of found) {
      expect(seconds).toBeGreaterThanOrEqual(0)
      expect(expectedSeconds).toBeGreaterThan(0)
    }
    expect(found.map(({ timed }) => timed)).toContain('sign-off')
  })
})

describe('the spread', () => {
  const p = (ratios: Float64Array, share: number) => quantileOfSorted(ratios, share)
  const ten = Array.from({ length: 10 }, (_, index) => 1 + index / 10)

  it('of nothing measured is the estimate: its middle is what was expected, its P95 the given spread', () => {
    const { ratios, basis } = correctedRatios([], 1.5)
    expect(basis).toEqual({ from: 'estimate' })
    expect(p(ratios, 0.5)).toBeCloseTo(1, 2)
    expect(p(ratios, 0.95)).toBeCloseTo(1.5, 2)
  })

  it('of fewer than nine is the estimate around the measured middle', () => {
    const { ratios, basis } = correctedRatios([2, 2.2, 1.9], 1.5)
    expect(basis).toEqual({ from: 'centred', measured: 3 })
    expect(p(ratios, 0.5)).toBeCloseTo(2, 2)
    expect(p(ratios, 0.95)).toBeCloseTo(3, 1)
  })

  it('of nine is measured up to P90, and goes on as the estimate', () => {
    const { ratios, basis } = correctedRatios(ten, 1.5)
    expect(basis).toEqual({ from: 'band', measured: 10, percentile: 90 })
    // the 10th of 10: ⌈11 · 0.9⌉
    expect(p(ratios, 0.9)).toBe(1.9)
    expect(p(ratios, 0.5)).toBe(1.5)
    expect(p(ratios, 0.95)).toBeGreaterThan(1.9)
  })

  it('of nineteen is measured up to P95', () => {
    const nineteen = Array.from({ length: 19 }, (_, index) => index + 1)
    const { ratios, basis } = correctedRatios(nineteen.toReversed(), 1.5)
    expect(basis).toEqual({ from: 'band', measured: 19, percentile: 95 })
    expect(p(ratios, 0.95)).toBe(19)
    expect(p(ratios, 0.5)).toBe(10)
  })

  it('is of the step itself as soon as it was measured once, else of steps like it', () => {
    const one = (id: string, seconds: number): Residual => ({
      ...{ timed: 'apply', id, like: 'files/delta', seconds, expectedSeconds: 10 },
    })
    const a = { timed: 'apply' as const, id: 'a', like: 'files/delta' }
    const others = (count: number) => Array.from({ length: count }, () => one('b', 30))
    expect(ratiosFor([one('a', 20), ...others(3)], a, 1.5).basis).toEqual({
      ...{ from: 'centred', measured: 1, of: 'itself' },
    })
    // however often others were measured: they run on other hosts
    expect(ratiosFor([one('a', 20), ...others(30)], a, 1.5).basis).toEqual({
      ...{ from: 'centred', measured: 1, of: 'itself' },
    })
    expect(ratiosFor(others(9), a, 1.5).basis).toEqual({
      ...{ from: 'band', measured: 9, percentile: 90, of: 'alike' },
    })
    expect(ratiosFor(others(2), a, 1.5).basis).toEqual({ from: 'centred', measured: 2, of: 'alike' })
    expect(ratiosFor(others(2), { ...a, like: 'files/other' }, 1.5).basis).toEqual({ from: 'estimate' })
    expect(ratiosFor(others(2), { ...a, timed: 'undo' }, 1.5).basis).toEqual({ from: 'estimate' })
  })

  it('never begins below what the estimate allows', () => {
    expect(estimatedRatios(1)[0]).toBe(1)
    expect(estimatedRatios(0.2)[0]).toBe(1)
  })
})

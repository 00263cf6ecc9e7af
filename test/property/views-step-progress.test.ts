import { describe, expect, it } from 'vitest'
import {
  advanceProgress,
  progressSince,
  type StepProgress,
  startProgress,
} from '../../src/views/step-progress.ts'
import fc from '../helpers/property.ts'

const start = Date.parse('2026-12-12T21:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString()

/** What a program might report, the absurd included: falling counts, wrong totals, clocks set back. */
const figure = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.double({ min: -10, max: 2_000_000 }),
  fc.constant(Number.NaN),
  fc.constant(Number.POSITIVE_INFINITY),
)
const report = fc.record(
  { bytesDone: figure, bytesTotal: figure, itemsDone: figure, itemsTotal: figure, note: fc.string() },
  { requiredKeys: [] },
)
const reports = fc.array(fc.tuple(report, fc.integer({ min: -5, max: 30 })), { minLength: 1, maxLength: 60 })

function allOf(given: [Parameters<typeof advanceProgress>[1], number][]): StepProgress[] {
  let seconds = 0
  const all = [startProgress(at(0))]
  for (const [progress, step] of given) {
    seconds += step
    all.push(advanceProgress(all.at(-1) as StepProgress, progress, at(seconds)))
  }
  return all
}

describe('progress', () => {
  it('never shows 100 % or more, and never goes backwards', () => {
    fc.assert(
      fc.property(reports, given => {
        const all = allOf(given)
        for (const [index, progress] of all.entries()) {
          const before = all[index - 1]
          if (progress.percent !== undefined) {
            expect(Number.isInteger(progress.percent)).toBe(true)
            expect(progress.percent).toBeGreaterThanOrEqual(before?.percent ?? 0)
            expect(progress.percent).toBeLessThan(100)
          }
          if (progress.total !== undefined) expect(progress.done).toBeLessThanOrEqual(progress.total)
          if (before && before.unit === progress.unit)
            expect(progress.done).toBeGreaterThanOrEqual(before.done)
          expect(Date.parse(progress.updatedAt)).toBeGreaterThanOrEqual(
            Date.parse(before?.updatedAt ?? at(0)),
          )
          if (progress.remainingSeconds !== undefined)
            expect(progress.remainingSeconds).toBeGreaterThanOrEqual(0)
          if (progress.perSecond !== undefined) expect(Number.isFinite(progress.perSecond)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('tells bytes, rate, end and age of a steady transfer', () => {
    let progress = startProgress(at(0))
    for (let second = 0; second <= 10; second += 1) {
      progress = advanceProgress(progress, { bytesDone: second * 20e6, bytesTotal: 400e6 }, at(second))
    }
    expect(progress).toMatchObject({
      unit: 'bytes',
      done: 200e6,
      total: 400e6,
      percent: 50,
      updatedAt: at(10),
    })
    expect(progress.perSecond).toBeCloseTo(20e6)
    expect(progress.remainingSeconds).toBeCloseTo(10)
  })

  it('from its last report alone has the mean rate', () => {
    const progress = progressSince(at(0), { bytesDone: 100, bytesTotal: 400 }, at(10))
    expect(progress).toMatchObject({ percent: 25, perSecond: 10, remainingSeconds: 30, updatedAt: at(10) })
    expect(progressSince(at(0), { note: 'n' }, at(0))).toMatchObject({ unit: 'none', note: 'n' })
  })

  it('keeps the percentage when the total grows', () => {
    const half = advanceProgress(startProgress(at(0)), { bytesDone: 50, bytesTotal: 100 }, at(1))
    expect(advanceProgress(half, { bytesDone: 55, bytesTotal: 1000 }, at(2)).percent).toBe(50)
  })
})

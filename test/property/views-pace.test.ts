import { describe, expect, it } from 'vitest'
import { advancePace, paceSince, type StepProgress, startPace } from '../../src/views/step-progress.ts'
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

function paces(given: [Parameters<typeof advancePace>[1], number][]): StepProgress[] {
  let seconds = 0
  const all = [startPace(at(0))]
  for (const [progress, step] of given) {
    seconds += step
    all.push(advancePace(all.at(-1) as StepProgress, progress, at(seconds)))
  }
  return all
}

describe('pace', () => {
  it('never shows 100 % or more, and never goes backwards', () => {
    fc.assert(
      fc.property(reports, given => {
        const all = paces(given)
        for (const [index, pace] of all.entries()) {
          const before = all[index - 1]
          if (pace.percent !== undefined) {
            expect(Number.isInteger(pace.percent)).toBe(true)
            expect(pace.percent).toBeGreaterThanOrEqual(before?.percent ?? 0)
            expect(pace.percent).toBeLessThan(100)
          }
          if (pace.total !== undefined) expect(pace.done).toBeLessThanOrEqual(pace.total)
          if (before && before.unit === pace.unit) expect(pace.done).toBeGreaterThanOrEqual(before.done)
          expect(Date.parse(pace.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before?.updatedAt ?? at(0)))
          if (pace.remainingSeconds !== undefined) expect(pace.remainingSeconds).toBeGreaterThanOrEqual(0)
          if (pace.perSecond !== undefined) expect(Number.isFinite(pace.perSecond)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('tells bytes, rate, end and age of a steady transfer', () => {
    let pace = startPace(at(0))
    for (let second = 0; second <= 10; second += 1) {
      pace = advancePace(pace, { bytesDone: second * 20e6, bytesTotal: 400e6 }, at(second))
    }
    expect(pace).toMatchObject({ unit: 'bytes', done: 200e6, total: 400e6, percent: 50, updatedAt: at(10) })
    expect(pace.perSecond).toBeCloseTo(20e6)
    expect(pace.remainingSeconds).toBeCloseTo(10)
  })

  it('from its last report alone has the mean rate', () => {
    const pace = paceSince(at(0), { bytesDone: 100, bytesTotal: 400 }, at(10))
    expect(pace).toMatchObject({ percent: 25, perSecond: 10, remainingSeconds: 30, updatedAt: at(10) })
    expect(paceSince(at(0), { note: 'n' }, at(0))).toMatchObject({ unit: 'none', note: 'n' })
  })

  it('keeps the percentage when the total grows', () => {
    const half = advancePace(startPace(at(0)), { bytesDone: 50, bytesTotal: 100 }, at(1))
    expect(advancePace(half, { bytesDone: 55, bytesTotal: 1000 }, at(2)).percent).toBe(50)
  })
})

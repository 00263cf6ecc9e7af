import { describe, expect, it } from 'vitest'
import { calibrate } from '../../bench/calibration/calibrate.ts'

describe('forecasts of simulated nights whose truth they do not know', () => {
  it.each([1, 3])('after %i rehearsals hold as often as they say, of nights and of rollbacks', rehearsals => {
    const { finish, rollback } = calibrate(100, rehearsals, 1000)
    expect(finish.underP50).toBeGreaterThan(0.35)
    expect(finish.underP50).toBeLessThan(0.65)
    expect(finish.underP95).toBeGreaterThan(0.85)
    expect(finish.underP95).toBeLessThanOrEqual(0.99)
    expect(rollback.underP95).toBeGreaterThan(0.85)
    expect(rollback.underP95).toBeLessThanOrEqual(0.99)
    expect(rollback.underP50).toBeGreaterThanOrEqual(0.35)
    expect(rollback.underP50).toBeLessThanOrEqual(0.65)
    expect(finish.medianError).toBeLessThan(0.2)
  })

  it('are the same for the same seed', () => {
    expect(calibrate(5, 1, 7)).toEqual(calibrate(5, 1, 7))
  })
})

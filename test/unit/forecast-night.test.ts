import { describe, expect, it } from 'vitest'
import { forecastNight } from '../../src/forecast/forecast-night.ts'
import type { NightForecast } from '../../src/forecast/night-forecast.ts'
import type { ForecastInput } from '../../src/forecast/tasks.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Residual } from '../../src/model/residual.ts'
import type { Gate, Step } from '../../src/model/step.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const none = { possible: false as const, why: { key: 'test.cannot' as const } }
const step = (id: string, expectedSeconds: number, after: string[] = [], change: Partial<Step> = {}): Step =>
  aStep(id, after, { expectedSeconds, undo: none, ...change })
const undoOf = (expectedSeconds: number): Step['undo'] => ({
  ...{ possible: true, expectedSeconds, deadlineSeconds: 60, byHand: { key: 'test.byHand' } },
})

function forecast(
  steps: Step[],
  {
    gates = [],
    plan = {},
    residuals = [],
    linkMbps,
  }: { gates?: Gate[]; plan?: Partial<Plan>; residuals?: Residual[]; linkMbps?: number } = {},
): NightForecast {
  const input: ForecastInput = {
    runbook: aRunbook(steps, gates),
    plan: aPlan(steps, plan),
    kinds: {},
    residuals,
  }
  return forecastNight({ ...input, ...(linkMbps && { linkMbps }) }, 2000)
}
const taskOf = (night: NightForecast, id: string) => {
  const found = night.tasks.find(task => task.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const window = (lengthMinutes: number, rollbackReserveMinutes = 0) => ({
  ...{ start: '2026-12-12T22:00', lengthMinutes, rollbackReserveMinutes },
})

describe('the forecast of a night', () => {
  it('of two steps side by side ends with the longer, which is critical; the other has slack', () => {
    const night = forecast([step('a.long', 100), step('a.short', 10)])
    expect(night.finish.p50).toBeCloseTo(100, 0)
    expect(night.finish.p95).toBeGreaterThan(140)
    expect([taskOf(night, 'a.long').criticality, taskOf(night, 'a.short').criticality]).toEqual([1, 0])
    expect(taskOf(night, 'a.short').slackSeconds).toBeGreaterThan(80)
  })

  it('lets transfers share the link, and steps that need the same alone wait for each other', () => {
    const apart = forecast([step('a.send', 100), step('b.send', 100)])
    const together = forecast([
      step('a.send', 100, [], { transfer: 'resumes' }),
      step('b.send', 100, [], { transfer: 'goes-on' }),
    ])
    const half = forecast([
      step('a.send', 100, [], { duration: { linkSeconds: 50 } }),
      step('b.send', 100, [], { duration: { linkSeconds: 50 } }),
    ])
    const alone = forecast([
      step('a.send', 100, [], { duration: { alone: ['disk'] } }),
      step('b.send', 100, [], { duration: { alone: ['disk'] } }),
    ])
    expect(apart.finish.p50).toBeLessThan(120)
    expect(together.finish.p50).toBeGreaterThan(190)
    expect(half.finish.p50).toBeGreaterThan(apart.finish.p50)
    expect(half.finish.p50).toBeLessThan(together.finish.p50)
    expect(alone.finish.p50).toBeGreaterThan(190)
  })

  it('takes the spread that a step declares', () => {
    const wide = forecast([step('a.go', 100, [], { duration: { spread: 3 } })])
    expect(wide.finish.p95).toBeGreaterThan(270)
  })

  it('has a gate take its checks and then its people, shown apart', () => {
    const night = forecast([step('a.one', 60), step('a.two', 60, ['go'])], {
      gates: [aGate('go', ['a.one'], { signoffs: ['lead', 'dba'] })],
    })
    // two people of 2 min each side by side, checks of 6 s, two steps of 60 s
    expect(night.finish.p50).toBeGreaterThan(60 + 6 + 120 + 60)
    expect(night.peopleSeconds).toBeGreaterThan(120)
    expect(night.peopleSeconds + night.machineSeconds).toBeCloseTo(
      night.tasks.reduce((sum, task) => Math.max(sum, task.end.p50), 0),
      -2,
    )
    expect(taskOf(night, 'go/lead').of).toEqual({ gate: 'go', role: 'lead' })
    const quick = forecast([step('a.one', 60)], {
      gates: [aGate('go', ['a.one'], { signoffs: ['lead'] })],
      plan: { forecast: { percentile: 95, signoffSeconds: 1 } },
    })
    expect(quick.peopleSeconds).toBeLessThan(5)
  })

  it('counts no step beside the run, and nothing waits for it', () => {
    const night = forecast([step('a.one', 60), step('a.copy', 5000, ['a.one'], { beside: true })])
    expect(night.finish.p50).toBeLessThan(70)
    expect(taskOf(night, 'a.copy').slackSeconds).toBeUndefined()
    expect(taskOf(night, 'a.copy').end.p50).toBeGreaterThan(4000)
  })

  it('goes back the longest chain of undos of what may have begun by then', () => {
    const night = forecast([
      step('a.one', 60, [], { undo: undoOf(100) }),
      step('a.two', 60, ['a.one'], { undo: undoOf(50) }),
      step('b.one', 300, ['a.one'], { undo: undoOf(20) }),
    ])
    const [one, two, last] = ['a.one', 'a.two', 'b.one'].map(id => taskOf(night, id).rollback)
    expect(one?.p50).toBeCloseTo(100, -1)
    expect(two?.p50).toBeCloseTo(150, -1)
    expect(last).toEqual(two)
    expect(two?.p95).toBeGreaterThan(170)
  })

  it('fits only what ends before the reserve, and is reopened while a rollback still ends before it', () => {
    const steps = [step('a.one', 600, [], { undo: undoOf(300) }), step('a.two', 60, ['reopen'])]
    const gates = [aGate('reopen', ['a.one'], { signoffs: [], checks: [] })]
    const chance = (lengthMinutes: number, reserve = 0, marginSeconds = 0) => {
      const { rollback } = aPlan([])
      return forecast(steps, {
        gates,
        plan: { window: window(lengthMinutes, reserve), rollback: { ...rollback, marginSeconds } },
      }).chanceToFit
    }
    expect(chance(60)).toBe(1)
    expect(chance(60, 59)).toBe(0)
    // 11 min of work would do, but a rollback from the reopening takes up to 7.5 min
    expect(chance(14)).toBeLessThan(0.1)
    expect(chance(22)).toBeGreaterThan(0.8)
    expect(chance(22, 0, 600)).toBeLessThan(0.1)
  })

  it('wants the reopening no later than the run allows, which trusts a shorter undo only once it is measured often', () => {
    const night = (count: number) =>
      forecast([step('a.one', 60, [], { undo: undoOf(300) })], {
        gates: [aGate('reopen', ['a.one'], { signoffs: [] })],
        plan: { window: window(60) },
        residuals: Array.from(
          { length: count },
          (): Residual => ({
            ...{ timed: 'undo', id: 'a.one', like: 'double/act', seconds: 1, expectedSeconds: 300 },
          }),
        ),
      })
    expect(taskOf(night(18), 'reopen').rollback.p95).toBeLessThan(2)
    // 60 min less 1.5 × 300 s
    expect(night(18).limits).toEqual({ finishSeconds: 3600, reopeningSeconds: 3150 })
    expect(night(20).limits.reopeningSeconds).toBeCloseTo(3599, 0)
  })

  it('is judged by the percentile that the plan names', () => {
    const fits = (percentile: 50 | 80 | 95) =>
      forecast([step('a.one', 600)], { plan: { window: window(11), forecast: { percentile } } }).fits
    expect([fits(50), fits(80), fits(95)]).toEqual([true, false, false])
  })

  it('is the same for the same runbook, plan and journal', () => {
    const night = () => forecast([step('a.one', 60), step('a.two', 30, ['a.one'])])
    expect(night()).toEqual(night())
  })

  it('is corrected by what was measured, and says so', () => {
    const residuals = Array.from(
      { length: 20 },
      (): Residual => ({
        ...{ timed: 'apply', id: 'a.one', like: 'double/act', seconds: 20, expectedSeconds: 10 },
      }),
    )
    const night = forecast([step('a.one', 100)], { residuals })
    expect(night.finish.p50).toBe(200)
    expect(taskOf(night, 'a.one').basis).toEqual({ from: 'band', measured: 20, percentile: 95, of: 'itself' })
    expect(taskOf(forecast([step('a.one', 100)]), 'a.one').basis).toEqual({ from: 'estimate' })
  })
})

describe('what helps', () => {
  const changes = (night: NightForecast) => night.helps.map(({ change }) => change)
  const tight = { window: window(10) }

  it('is more window, a faster link, less to do and faster people, each with its gain', () => {
    const night = forecast([step('a.send', 400, ['go'], { transfer: 'resumes' }), step('a.one', 1, [])], {
      gates: [aGate('go', ['a.one'])],
      plan: tight,
      linkMbps: 100,
    })
    const gainOf = (what: string) => night.helps.find(({ change }) => change.what === what)
    expect(gainOf('window')).toMatchObject({ earlierSeconds: 0, chanceGain: expect.any(Number) })
    expect(gainOf('window')?.chanceGain).toBeGreaterThan(0)
    // 100 → 110 Mbit/s: a send of 400 s comes 36 s earlier, and more where it is slow
    expect(gainOf('link')?.earlierSeconds).toBeGreaterThan(30)
    // a tenth of 400 s at 100 Mbit/s
    expect(changes(night)).toContainEqual({ what: 'work', step: 'a.send', percent: 10, bytes: 500e6 })
    expect(gainOf('people')?.earlierSeconds).toBeGreaterThan(30)
    const gains = night.helps.map(({ chanceGain }) => chanceGain)
    expect(gains).toEqual(gains.toSorted((one, other) => other - one))
  })

  it('names no link that nobody uses or knows, and no people who are not asked', () => {
    const what = (night: NightForecast) => changes(night).map(change => change.what)
    expect(what(forecast([step('a.one', 60)], { linkMbps: 100 }))).toEqual(['work', 'window'])
    expect(what(forecast([step('a.one', 60, [], { transfer: 'resumes' })]))).toEqual(['work', 'window'])
  })
})

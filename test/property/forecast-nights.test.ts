import { describe, expect, it } from 'vitest'
import { networkOf, type Task } from '../../src/forecast/network.ts'
import { quantileOfSorted } from '../../src/forecast/quantiles.ts'
import { correctedRatios, estimatedRatios } from '../../src/forecast/ratios.ts'
import { aTask, finishOf, nightsOf } from '../helpers/forecast-tasks.ts'
import fc from '../helpers/property.ts'

const spreads = [1, 1.2, 1.5, 3].map(spread => estimatedRatios(spread))

/** Any tasks that wait for earlier ones, spread, share the link and need disks alone. */
const graphs = fc
  .array(
    fc.record({
      seconds: fc.double({ min: 0, max: 100, noNaN: true }),
      spread: fc.nat(spreads.length - 1),
      linkShare: fc.constantFrom(0, 0, 0.5, 1),
      alone: fc.subarray(['disk', 'tape'], { maxLength: 2 }),
      before: fc.array(fc.nat(30), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map(made =>
    made.map(({ seconds, spread, linkShare, alone, before }, index): Task => {
      const after = before.filter(other => other < index).map(other => `t${other}`)
      return aTask(`t${index}`, seconds, after, { ratios: spreads[spread] as Float64Array, linkShare, alone })
    }),
  )

const least = (task: Task): number => task.seconds * (task.ratios[0] as number)
const most = (task: Task): number => task.seconds * (task.ratios.at(-1) as number)
const sum = (numbers: number[]): number => numbers.reduce((one, other) => one + other, 0)
const p95 = (values: Float64Array): number => quantileOfSorted(values.slice().sort(), 0.95)
const slightly = 1e-6

/** The longest chain, each task taken to last so long. */
function longestChain(tasks: readonly Task[], lasts: (task: Task) => number): number {
  const ends = new Map<string, number>()
  for (const task of tasks)
    ends.set(task.id, lasts(task) + Math.max(0, ...task.after.map(id => ends.get(id) ?? 0)))
  return Math.max(...ends.values())
}

describe('simulated nights', () => {
  it('are never shorter than the longest chain of minima, nor longer than all maxima one after the other', () => {
    fc.assert(
      fc.property(graphs, tasks => {
        const { finish } = nightsOf(tasks, 20)
        expect(Math.min(...finish)).toBeGreaterThanOrEqual(longestChain(tasks, least) - slightly)
        expect(Math.max(...finish)).toBeLessThanOrEqual(sum(tasks.map(most)) + slightly)
      }),
    )
  })

  it('conserve the work of what is shared: the link and a disk are not busy less than their work', () => {
    fc.assert(
      fc.property(graphs, tasks => {
        const { finish } = nightsOf(tasks, 20)
        const sent = sum(tasks.map(task => least(task) * task.linkShare))
        const ofDisk = sum(tasks.filter(({ alone }) => alone.includes('disk')).map(least))
        expect(Math.min(...finish)).toBeGreaterThanOrEqual(Math.max(sent, ofDisk) - slightly)
      }),
    )
  })

  it('let what is sent side by side take the link in full: as long as one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1 }), seconds => {
        const tasks = seconds.map((one, index) => aTask(`t${index}`, one, [], { linkShare: 1 }))
        expect(finishOf(tasks)).toBeCloseTo(sum(seconds), 6)
      }),
    )
  })

  it('lose nothing of the link where one begins to send while others do', () => {
    const late = fc.record({
      from: fc.double({ min: 0, max: 10, noNaN: true }),
      sends: fc.double({ min: 0.1, max: 50, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(late, { minLength: 1, maxLength: 8 }), found => {
        // the first sends for as long as any of the others waits to begin, so that the link is never free
        const tasks = [
          aTask('first', 10, [], { linkShare: 1 }),
          ...found.flatMap(({ from, sends }, index) => [
            aTask(`wait${index}`, from),
            aTask(`send${index}`, sends, [`wait${index}`], { linkShare: 1 }),
          ]),
        ]
        expect(finishOf(tasks)).toBeCloseTo(10 + sum(found.map(({ sends }) => sends)), 6)
      }),
    )
  })

  it('begin each task after all that it waits for, and overlap none that need the same alone', () => {
    fc.assert(
      fc.property(graphs, tasks => {
        const { starts, ends } = nightsOf(tasks, 1)
        const places = new Map(networkOf(tasks).ids.map((id, index) => [id, index]))
        const at = (id: string) => places.get(id) as number
        for (const { id, after } of tasks)
          for (const other of after) expect(starts[at(id)]).toBeGreaterThanOrEqual(ends[at(other)] as number)
        const ofDisk = tasks.filter(({ alone }) => alone.includes('disk')).map(({ id }) => at(id))
        const inTurn = ofDisk.toSorted(
          (one, other) =>
            (starts[one] as number) - (starts[other] as number) ||
            (ends[one] as number) - (ends[other] as number),
        )
        for (const [turn, index] of inTurn.entries())
          if (turn > 0)
            expect(starts[index]).toBeGreaterThanOrEqual(ends[inTurn[turn - 1] as number] as number)
      }),
    )
  })

  it('are the same for the same seed, and others for another', () => {
    fc.assert(
      fc.property(graphs, fc.integer(), (tasks, seed) => {
        expect(nightsOf(tasks, 20, seed)).toEqual(nightsOf(tasks, 20, seed))
      }),
    )
    const one = [aTask('a', 10, [], { ratios: estimatedRatios(1.5) })]
    expect(nightsOf(one, 20, 1).finish).not.toEqual(nightsOf(one, 20, 2).finish)
  })

  it('of a chain: more variance never lowers P95', () => {
    const lengths = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 })
    const spread = fc.double({ min: 1, max: 4, noNaN: true })
    fc.assert(
      fc.property(lengths, spread, spread, (seconds, one, other) => {
        const chain = (ratios: Float64Array) =>
          p95(
            nightsOf(
              seconds.map((each, index) =>
                aTask(`t${index}`, each, index > 0 ? [`t${index - 1}`] : [], { ratios }),
              ),
            ).finish,
          )
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        expect(chain(estimatedRatios(more))).toBeGreaterThanOrEqual(chain(estimatedRatios(less)) - slightly)
      }),
    )
  })

  it('have a critical path whose tasks fill the night, and have no slack; what has slack may use it', () => {
    fc.assert(
      fc.property(graphs, tasks => {
        const { finish, critical, criticalSeconds, slackSeconds } = nightsOf(tasks, 1)
        expect(sum([...criticalSeconds])).toBeCloseTo(finish[0] as number, 6)
        for (const [index, times] of critical.entries()) {
          expect(slackSeconds[index]).toBeGreaterThanOrEqual(-slightly)
          if (times > 0) expect(slackSeconds[index]).toBeLessThanOrEqual(slightly)
        }
      }),
    )
  })

  it('without anything shared: a task that is late by its slack delays nothing, and by more it does', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (made, pick) => {
        const tasks = made.map(task => ({
          ...task,
          ...{ ratios: estimatedRatios(1), linkShare: 0, alone: [] },
        }))
        const { finish, slackSeconds } = nightsOf(tasks, 1)
        const { ids } = networkOf(tasks)
        const index = pick % ids.length
        const late = (more: number) =>
          finishOf(
            tasks.map(task => (task.id === ids[index] ? { ...task, seconds: task.seconds + more } : task)),
          )
        const slack = slackSeconds[index] as number
        expect(late(slack)).toBeCloseTo(finish[0] as number, 6)
        expect(late(slack + 5)).toBeCloseTo((finish[0] as number) + 5, 6)
      }),
    )
  })
})

describe('ratios', () => {
  const measured = fc.array(fc.double({ min: 0.01, max: 20, noNaN: true }), { minLength: 1, maxLength: 60 })

  it('never fall, whatever was measured', () => {
    fc.assert(
      fc.property(measured, fc.double({ min: 1, max: 4, noNaN: true }), (found, spread) => {
        const { ratios } = correctedRatios(found, spread)
        const rises = ratios.map((ratio, index) => (index > 0 ? ratio - (ratios[index - 1] as number) : 0))
        expect(Math.min(...rises)).toBeGreaterThanOrEqual(-slightly)
      }),
    )
  })

  it('of enough measurements are their split-conformal band', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 20, noNaN: true }), { minLength: 19, maxLength: 60 }),
        found => {
          const rank = Math.ceil((found.length + 1) * 0.95)
          const bound = found.toSorted((one, other) => one - other)[rank - 1] as number
          expect(quantileOfSorted(correctedRatios(found, 1.5).ratios, 0.95)).toBeLessThanOrEqual(bound)
          expect(
            correctedRatios(found, 1.5).ratios.filter(ratio => ratio > bound + slightly).length / 1024,
          ).toBeLessThanOrEqual(0.051)
        },
      ),
    )
  })
})

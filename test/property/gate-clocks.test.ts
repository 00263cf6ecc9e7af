import { expect, it } from 'vitest'
import type { Entry } from '../../src/model/event.ts'
import { Night, type Person } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import fc from '../helpers/property.ts'
import { aCheck, aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const maxAgeSeconds = 600

/** `jumps`: somebody puts the clock, or a machine with another one takes over, right after that entry. */
const made = fc.record({
  measureSeconds: fc.integer({ min: 0, max: 60 }),
  goMinutes: fc.integer({ min: 0, max: 20 }),
  holdMinutes: fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined }),
  jumps: fc.array(
    fc.record({ entry: fc.integer({ min: 1, max: 20 }), seconds: fc.integer({ min: -7200, max: 7200 }) }),
    { maxLength: 3 },
  ),
  kills: fc.array(fc.integer({ min: 3, max: 14 }), { maxLength: 2 }),
})

type Made = typeof made extends fc.Arbitrary<infer T> ? T : never
/** And when it was written, by a clock that nobody puts. Seconds. */
type Told = Entry & { seconds: number }

/** Everything passes, and the window is so long that no jump ends it. */
async function carriedOut({ measureSeconds, goMinutes, holdMinutes, jumps, kills }: Made) {
  const clock = new VirtualClock()
  const [began, seconds] = [clock.elapsedMilliseconds(), () => (clock.elapsedMilliseconds() - began) / 1000]
  const checks = [aCheck('fresh', { maxAgeSeconds }), aCheck('alone', { maxAgeSeconds, alone: true })]
  const runbook = aRunbook([aStep('a.cut', ['go'])], [aGate('go', [], { checks })])
  const world = new RecordingWorld(clock)
  world.measureSeconds = measureSeconds
  const isPast = (minutes: number): boolean => seconds() >= minutes * 60
  const people: Person[] = [
    {
      when: run => isPast(goMinutes) && run.gates.go?.signoffs.lead === undefined,
      order: { do: 'go', role: 'lead', gate: 'go' },
      eachTime: true,
    },
  ]
  if (holdMinutes !== undefined)
    people.push(
      { when: () => isPast(holdMinutes), order: { do: 'hold' } },
      { when: run => isPast(holdMinutes + 5) && run.held !== undefined, order: { do: 'resume' } },
    )
  const window = { start: '2026-12-12T22:00', lengthMinutes: 2880, rollbackReserveMinutes: 0 }
  const night = new Night(aPlan(runbook.steps, { window }), runbook, clock, world, people)
  const told: Told[] = []
  const append = night.journal.append.bind(night.journal)
  night.journal.append = (run, event) => {
    const entry = append(run, event)
    told.push({ ...entry, seconds: seconds() })
    for (const jump of jumps) if (jump.entry === entry.sequence) clock.jump(jump.seconds)
    return entry
  }
  let isFirst = true
  for (const count of [...kills.toSorted((one, other) => one - other), undefined]) {
    const ends = isFirst ? night.carryOut() : night.resume()
    isFirst = false
    if (count !== undefined && count > told.length) night.journal.killAt = { count, when: 'before' }
    const ended = await ends.catch(() => 'killed')
    if (ended !== 'killed') return { ended, told }
  }
  throw new Error('killed without end')
}

const isInterruption = ({ event }: Told): boolean =>
  event.type === 'run.resumed' || (event.type === 'order.received' && event.order.order.do === 'resume')

it('whatever becomes of the clock, a gate opens on young figures of after the last interruption, measured once', async () => {
  await fc.assert(
    fc.asyncProperty(made, async given => {
      const { ended, told } = await carriedOut(given)
      expect(ended).toBe('moved')
      const opened = told.find(({ event }) => event.type === 'gate.opened')
      if (opened === undefined) throw new Error('the gate did not open')
      const before = told.filter(({ sequence }) => sequence < opened.sequence)
      const interrupted = before.findLast(isInterruption)?.sequence ?? 0
      for (const check of ['fresh', 'alone']) {
        const measured = before.filter(({ event }) => event.type === 'check.done' && event.check === check)
        const last = measured.at(-1)
        expect(last?.sequence).toBeGreaterThan(interrupted)
        expect(opened.seconds - (last?.seconds ?? 0)).toBeLessThanOrEqual(maxAgeSeconds)
        expect(measured.length).toBeLessThanOrEqual(2 + 2 * before.filter(isInterruption).length)
      }
    }),
    { numRuns: 100 },
  )
})

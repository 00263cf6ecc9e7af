import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../src/model/step.ts'
import { WrittenTimes } from '../../src/run/written-times.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const chain = (): Step[] => [
  aStep('a.stop', ['go']),
  aStep('b.start', ['a.stop'], { deadlineSeconds: 60, attempts: 1 }),
  aStep('b.switch', ['reopen']),
]

/** The machine's clock is moved once, as soon as the step runs. */
function aNight(seconds: number, behaviours: Record<string, Behaviour>, step = 'b.start') {
  const clock = new VirtualClock()
  const runbook = aRunbook(chain(), [aGate('go', []), aGate('reopen', ['b.start', 'go'])])
  const plan = aPlan(chain(), {
    window: { start: '2026-12-12T22:00', lengthMinutes: 120, rollbackReserveMinutes: 0 },
  })
  let isMoved = false
  const mover: Person = {
    when: run => {
      if (!isMoved && run.steps[step]?.status === 'running') {
        isMoved = true
        clock.jump(seconds)
      }
      return false
    },
    order: { do: 'hold' },
  }
  const world = new RecordingWorld(clock, behaviours)
  const night = new Night(plan, runbook, clock, world, [...willing(runbook), mover])
  const begun = clock.elapsedMilliseconds()
  const lasted = () => (clock.elapsedMilliseconds() - begun) / 1000
  return { night, lasted, wasMoved: () => isMoved }
}

describe('when the clock of the machine is put', () => {
  it.each([1800, -1800])('%i s ahead, no deadline fires for it', async seconds => {
    const { night, wasMoved, lasted } = aNight(seconds, { 'b.start': { beforeSeconds: 30 } })
    expect(await night.carryOut()).toBe('moved')
    expect(lasted()).toBeLessThan(300)
    expect(wasMoved()).toBe(true)
    expect(night.run.steps['b.start']).toMatchObject({ status: 'done', attempt: 1 })
  })

  it.each([-1800, 1800])('%i s ahead, what hangs is ended in its time all the same', async seconds => {
    const { night, lasted } = aNight(seconds, { 'b.start': { hangs: true } })
    expect(await night.carryOut()).toBe('rolled-back')
    const failed = night.journal.kept.find(({ event }) => event.type === 'step.failed')?.event
    expect(failed).toMatchObject({ step: 'b.start', aborted: 'deadline' })
    expect(lasted()).toBeLessThan(300)
  })

  it('back while a failed attempt is waited for, the next one begins in its time', async () => {
    const { night, lasted } = aNight(-1800, { 'a.stop': { failures: 1 } }, 'a.stop')
    expect(await night.carryOut()).toBe('moved')
    expect(lasted()).toBeLessThan(300)
  })

  it('over the end of the window, the plan’s own deadline fires: it is one of that clock', async () => {
    const { night } = aNight(3 * 3600, { 'b.start': { beforeSeconds: 30 } })
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('R4')
  })

  it('the journal says by how much, once', async () => {
    const { night } = aNight(-1800, {})
    await night.carryOut()
    const notes = night.journal.kept.flatMap(({ event }) => (event.type === 'note' ? [event.text] : []))
    expect(notes).toEqual([{ key: 'run.clockJumped', values: { seconds: -1800 } }])
  })
})

describe('what this program wrote', () => {
  it('is as old as it is, and what another wrote is as old as the journal says', () => {
    const clock = new VirtualClock('2026-12-12T21:00:00Z')
    const times = new WrittenTimes(clock)
    times.wrote('2026-12-12T21:00:00Z')
    clock.jump(-600)
    const ageOf = (at: string) => clock.now().since(times.onClock(at)).total('seconds')
    expect(ageOf('2026-12-12T21:00:00Z')).toBe(0)
    expect(ageOf('2026-12-12T20:40:00Z')).toBe(600)
    expect(times.jumpSeconds()).toBe(-600)
    expect(times.jumpSeconds()).toBe(0)
    expect(Temporal.Instant.compare(clock.now(), '2026-12-12T20:50:00Z')).toBe(0)
  })
})

import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Event, Order } from '../../src/model/event.ts'
import type { SignedGivenUp } from '../../src/model/given-up.ts'
import type { Step } from '../../src/model/step.ts'
import { WrittenTimes } from '../../src/run/written-times.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const chain = (): Step[] => [
  aStep('a.stop', ['go']),
  aStep('b.start', ['a.stop'], { deadlineSeconds: 60, attempts: 1, touches: ['target'] }),
  aStep('b.switch', ['reopen']),
]

const askedOf = ({ journal }: Night): number =>
  journal.kept.filter(({ event }) => event.type === 'site.asked').length

/** A night whose target has a host. `handsOver`: only people give it up. */
function atTarget(behaviours: Record<string, Behaviour>, isHandedOver = false): Night {
  const { night } = aNight(0, behaviours)
  const host = { ssh: 'new-db', address: '10.1.0.1', become: 'sudo' as const }
  night.plan.sites.target.hosts = { db: host }
  const [, start, last] = night.runbook.steps as [Step, Step, Step]
  ;(isHandedOver ? start : last).handsOver = true
  return night
}

/** Puts the clock once, and sends nothing. */
function mover(night: Pick<Night, 'clock'>, seconds: number, when: Person['when']): Person {
  let isMoved = false
  return {
    when: (run, now) => {
      if (!isMoved && when(run, now)) {
        isMoved = true
        night.clock.jump(seconds)
      }
      return false
    },
    order: { do: 'hold' },
  }
}

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

describe('a machine with a slow clock that takes the run over', () => {
  const takenOver = async (night: Night, type: Event['type'], slowSeconds = 3600) => {
    const { clock, journal } = night
    const append = journal.append.bind(journal)
    journal.append = (run, event) => {
      const entry = append(run, event)
      if (event.type === type) journal.killAt ??= { count: entry.sequence + 1, when: 'before' }
      return entry
    }
    await expect(night.carryOut()).rejects.toThrow()
    journal.append = append
    clock.jump(-slowSeconds)
    const begun = clock.elapsedMilliseconds()
    const ended = await night.resume()
    return { ended, lasted: (clock.elapsedMilliseconds() - begun) / 1000 }
  }

  it.each<[Event['type'], Record<string, Behaviour>]>([
    ['step.failed', { 'a.stop': { failures: 1 } }],
    ['undo.failed', { 'b.start': { failures: 9, undoFailures: 1 } }],
  ])('tries again at once after a %s', async (type, behaviours) => {
    const { night } = aNight(0, behaviours)
    expect((await takenOver(night, type)).lasted).toBeLessThan(300)
  })

  it('asks once in a rollback whether the target is there', async () => {
    const night = atTarget({ 'b.start': { failures: 9 } })
    const { ended, lasted } = await takenOver(night, 'rollback.started')
    expect([ended, night.world.count('undone', 'a.stop'), askedOf(night)]).toEqual(['rolled-back', 1, 1])
    expect(lasted).toBeLessThan(300)
  })
})

const signed: SignedGivenUp = {
  ...{ side: 'target', silent: [], loses: [], isolated: 'both feeds are off', and: 'Bea' },
}
const without: Order = { do: 'roll-back', reason: 'fire', without: signed }

describe('when the clock is put back, what was heard of a site is told from what came after', () => {
  const isUndoing: Person['when'] = run => run.steps['b.start']?.undo?.status === 'running'
  const dies = (night: Night): Person =>
    mover(night, -1800, (run, now) => {
      const isNow = isUndoing(run, now)
      if (isNow) night.world.silent = ['new-db']
      return isNow
    })

  it('an undo that fails later has the target asked again', async () => {
    const night = atTarget({ 'b.start': { failures: 9, undoFailures: 9 } })
    night.people.push(dies(night))
    expect(await night.carryOut()).toBe('rolled-back')
    expect([askedOf(night), night.run.siteGivenUp?.by]).toEqual([2, []])
  })

  it('an order without the target, which comes later, too', async () => {
    const night = atTarget({ 'b.start': { failures: 9, undoHangs: true } })
    night.people.push(dies(night), { when: isUndoing, order: without })
    expect(await night.carryOut()).toBe('rolled-back')
    expect([askedOf(night), night.run.siteGivenUp?.by]).toEqual([2, ['person', 'Bea']])
  })

  it('one that waits until the target was asked has it asked once', async () => {
    const night = atTarget({ 'b.start': { failures: 9, undoHangs: true } }, true)
    const dispatch = night.world.dispatch.bind(night.world)
    let asked = 0
    const silentHosts = async () => {
      if (++asked === 1) night.clock.jump(-1800)
      await night.clock.sleep(5, new AbortController().signal)
      return ['new-db']
    }
    night.world.dispatch = () => ({ ...dispatch(), silentHosts })
    night.people.push({ when: isUndoing, order: without })
    expect(await night.carryOut()).toBe('rolled-back')
    expect([asked, night.run.siteGivenUp?.by]).toEqual([1, ['person', 'Bea']])
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

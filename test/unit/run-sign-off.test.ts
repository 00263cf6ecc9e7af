import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import { Night, type Person } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const signoffs = ['lead', 'dba']
const go = (role: string): Order => ({ do: 'go', role, gate: 'reopen' })
const noGo = (role: string): Order => ({ do: 'no-go', role, gate: 'reopen', note: 'course 12 does not open' })
const atGate = (order: Order): Person => ({
  when: run => run.gates.reopen?.checks['check-reopen']?.status === 'passed',
  order,
})

/** Users are cut, then both roles decide at `reopen`. */
function aNight(people: Person[], outages: RecordingWorld['outages'] = []): Night {
  const clock = new VirtualClock()
  const steps = [aStep('a.stop', []), aStep('b.switch', ['reopen'])]
  const runbook = aRunbook(steps, [aGate('reopen', ['a.stop'], { signoffs })])
  const world = new RecordingWorld(clock)
  world.outages = outages
  return new Night(aPlan(steps), runbook, clock, world, people)
}

async function rollsBackOnNoGo(night: Night): Promise<void> {
  expect(await night.carryOut()).toBe('rolled-back')
  expect(night.run.rollback?.trigger).toBe('no-go')
  expect(night.run.rollback?.why).toMatchObject({ values: { role: 'lead', note: 'course 12 does not open' } })
  expect(night.world.count('apply', 'b.switch')).toBe(0)
}

describe('a NO-GO', () => {
  it('acts while the run is held', async () => {
    const hold: Person = { when: run => run.gates.reopen !== undefined, order: { do: 'hold' } }
    await rollsBackOnNoGo(aNight([hold, { ...atGate(noGo('lead')), when: run => run.held !== undefined }]))
  })

  it('so does an order to roll back', async () => {
    const hold: Person = { when: run => run.gates.reopen !== undefined, order: { do: 'hold' } }
    const order: Order = { do: 'roll-back', reason: 'the trainers cannot work' }
    const night = aNight([hold, { when: run => run.held !== undefined, order }])
    expect(await night.carryOut()).toBe('rolled-back')
    expect(night.run.rollback?.trigger).toBe('order')
  })

  it('acts while the line is lost', async () => {
    const lost: Person['when'] = run => Object.keys(run.linesLost).length > 0
    await rollsBackOnNoGo(aNight([{ when: lost, order: noGo('lead') }], [{ from: 10, to: 9999 }]))
  })

  it.each([
    ['after it', [noGo('lead'), go('lead'), go('dba')]],
    ['before it', [go('lead'), go('dba'), noGo('lead')]],
    ['of another role', [go('dba'), noGo('lead'), go('dba')]],
  ])('is not taken back by a GO that arrives with it, %s', async (_, orders) => {
    await rollsBackOnNoGo(aNight(orders.map(atGate)))
  })

  it('is told to who says GO afterwards', async () => {
    const night = aNight([noGo('lead'), go('lead')].map(atGate))
    await rollsBackOnNoGo(night)
    const refused = night.journal
      .entries()
      .flatMap(({ event }) => (event.type === 'order.refused' ? event.why : []))
    expect(refused).toEqual([{ key: 'run.order.saidNoGo', values: { gate: 'reopen', role: 'lead' } }])
  })
})

describe('a GO that names what it is for', () => {
  const refused = (night: Night) =>
    night.journal.entries().flatMap(({ event }) => (event.type === 'order.refused' ? event.why : []))

  it('counts for the plan and the runbook of this run, which its sign-off keeps', async () => {
    const night = aNight([])
    const { planHash, hash } = { planHash: night.run.planHash, hash: night.runbook.hash }
    const signs = { planHash, runbookHash: hash }
    const people = [...signoffs].map(role => atGate({ do: 'go', role, gate: 'reopen', signs }))
    night.people.push(...people)
    expect(await night.carryOut()).toBe('moved')
    expect(refused(night)).toEqual([])
    expect(night.run.gates.reopen?.signoffs.dba).toMatchObject({ signs })
  })

  it.each(['planHash', 'runbookHash'])('is refused for another %s, with both in short', async other => {
    const night = aNight([])
    const own = { planHash: night.run.planHash, runbookHash: night.runbook.hash }
    const signs = { ...own, [other]: '0123456789abcdef' }
    night.people.push(
      atGate({ do: 'go', role: 'lead', gate: 'reopen', signs }),
      ...signoffs.map(role => atGate(go(role))),
    )
    expect(await night.carryOut()).toBe('moved')
    const values = {
      [other === 'planHash' ? 'plan' : 'runbook']: '01234567',
      runbookOfRun: own.runbookHash.slice(0, 8),
    }
    expect(refused(night)).toEqual([
      { key: 'run.order.otherRunbook', values: expect.objectContaining({ role: 'lead', ...values }) },
    ])
  })
})

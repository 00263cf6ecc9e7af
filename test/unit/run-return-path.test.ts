import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Order, Outcome } from '../../src/model/event.ts'
import type { History, Run } from '../../src/model/run.ts'
import { fold } from '../../src/run/fold.ts'
import { nightToWatch } from '../../src/run/look-back.ts'
import { withoutReturnPath } from '../../src/run/return-path.ts'
import { waitsForPeople } from '../../src/run/waits-for-people.ts'
import { returnPathLines, returnPathRows } from '../../src/views/return-paths.ts'
import { Night, type Person } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const rollBack: Order = { do: 'roll-back', reason: 'wrong marks' }
const repair: Order = { do: 'repair-return-path', reason: 'the slot is gone' }
const reopen: Person = {
  when: run => run.gates.reopen?.checks['check-reopen']?.status === 'passed',
  order: { do: 'go', role: 'lead', gate: 'reopen' },
}

/** The handover of a database, the reopening, and then some minutes in which users work at the target. */
function aNight(people: Person[] = [], seconds = 600) {
  const clock = new VirtualClock()
  const runbook = aRunbook(
    [
      aStep('database.reverse', [], { stage: 'handover', makesReturnPath: 'monitored' }),
      aStep('names.switch', ['reopen'], { stage: 'switch', deadlineSeconds: 3600 }),
      aStep('names.settle', ['names.switch'], { stage: 'settle', attempts: 1 }),
    ],
    [aGate('reopen', ['database.reverse'])],
  )
  const world = new RecordingWorld(clock, { 'names.switch': { beforeSeconds: seconds } })
  const night = new Night(aPlan(runbook.steps), runbook, clock, world, [reopen, ...people])
  const events = () => night.journal.entries().map(({ event }) => event)
  const seen = () => events().flatMap(event => (event.type === 'return-path.seen' ? [event.seen.state] : []))
  const types = () => events().map(({ type }) => type)
  return { night, world, events, seen, types }
}
const once = (order: Order, when: Person['when']): Person => ({ order, when })
const isBroken: Person['when'] = run => run.returnPaths.database?.state === 'broken'

it('is looked at from the reopening on, and not before', async () => {
  const { night, types, seen } = aNight()
  expect(await night.carryOut()).toBe('moved')
  expect(types().indexOf('return-path.seen')).toBeGreaterThan(types().indexOf('gate.opened'))
  // every ten seconds, written down once a minute as long as nothing changes
  expect(seen().length).toBeGreaterThan(8)
  expect(seen().length).toBeLessThan(13)
  expect(night.run.returnPaths.database).toMatchObject({ state: 'good', bytesBehind: 0, secondsBehind: 0 })
})

it('is nobody’s to watch once the migration is closed, until the closing is undone', async () => {
  const { night } = aNight()
  await night.carryOut()
  const history = fold(night.journal.entries())
  const closing = (outcome?: Outcome): History => ({
    ...history,
    runs: [...history.runs, { ...night.run, id: 'close-1', mode: 'close', ...(outcome && { outcome }) }],
    runbooks: { [night.run.runbookHash]: night.runbook },
  })
  const watched = (given: History) => nightToWatch(given)?.id
  expect([watched(closing('closed')), watched(closing('rollback-failed'))]).toEqual([undefined, undefined])
  expect([watched(closing('rolled-back')), watched(closing('rolled-back-by-hand'))]).toEqual([
    night.run.id,
    night.run.id,
  ])
})

it('one look that finds it broken is no alarm; two are', async () => {
  const { night, world, seen } = aNight()
  const looks: string[] = []
  Object.defineProperty(world, 'returnPaths', {
    get: () => {
      looks.push('look')
      return { database: looks.length === 5 || looks.length >= 20 ? 'broken' : 'good' }
    },
  })
  expect(await night.carryOut()).toBe('moved')
  expect(seen().filter((state, index) => state !== seen()[index - 1])).toEqual(['good', 'broken'])
})

it('a rollback is refused while it is broken: nothing is stopped', async () => {
  const { night, world, events, types } = aNight([once(rollBack, isBroken)])
  world.returnPaths = { database: 'broken' }
  expect(await night.carryOut()).toBe('moved')
  expect(events().find(({ type }) => type === 'order.refused')).toMatchObject({
    why: { key: 'run.order.returnPathBroken', values: { component: 'database', seconds: 40, bytes: 40000 } },
  })
  expect(types()).not.toContain('rollback.started')
  expect(world.count('undo', 'names.switch')).toBe(0)
})

it('a step that fails after the reopening undoes nothing while it is broken: that is for people', async () => {
  const { night, world } = aNight()
  world.behaviours['names.settle'] = { failures: 1 }
  world.returnPaths = { database: 'broken' }
  const skip: Person = {
    when: run => run.steps['names.settle']?.status === 'failed',
    order: { do: 'skip', step: 'names.settle', reason: 'by hand later' },
  }
  night.people.push(skip)
  expect(await night.carryOut()).toBe('moved')
  expect(night.run.rollback).toBeUndefined()
})

it('what failed while it was broken stays for people once it is made again, until it is tried again', async () => {
  const isStuck: Person['when'] = run => run.steps['names.settle']?.status === 'failed'
  const hours = 3 * 3600
  const { night, world } = aNight()
  world.behaviours['names.settle'] = { failures: 2 }
  world.returnPaths = { database: 'broken' }
  const waits: boolean[] = []
  const repairedAt = (run: Run) => Temporal.Instant.from(run.repair?.components.database?.at ?? run.startedAt)
  night.people.push(once(repair, isStuck), {
    when: run => {
      if (run.repair?.components.database?.status !== 'done') return false
      waits.push(waitsForPeople(night.runbook, run, night.plan))
      return night.clock.now().epochMilliseconds > repairedAt(run).epochMilliseconds + hours * 1000
    },
    order: { do: 'retry', step: 'names.settle', reason: 'the cause is gone' },
  })
  expect(await night.carryOut()).toBe('rolled-back')
  expect(waits.length).toBeGreaterThan(0)
  expect(waits).not.toContain(false)
  expect(night.run.steps['names.settle']?.attempt).toBe(2)
})

it('a step that failed while it is broken waits for people', async () => {
  const { night, world } = aNight()
  world.behaviours['names.settle'] = { failures: 1 }
  world.returnPaths = { database: 'broken' }
  const waits: boolean[] = []
  night.people.push({
    when: run => {
      if (run.steps['names.settle']?.status !== 'failed') return false
      waits.push(waitsForPeople(night.runbook, run, night.plan))
      return true
    },
    order: { do: 'skip', step: 'names.settle', reason: 'by hand later' },
  })
  expect(await night.carryOut()).toBe('moved')
  expect(waits).toEqual([true])
})

it('a repair that does not end is ended at its deadline, and is no longer what a rollback is refused for', async () => {
  const { night, world, events } = aNight([once(repair, isBroken)])
  world.returnPaths = { database: 'broken' }
  world.repairHangs = true
  night.people.push(once(rollBack, run => run.repair?.components.database?.status === 'failed'))
  expect(await night.carryOut()).toBe('moved')
  expect(events().find(({ type }) => type === 'return-path.repair-failed')).toMatchObject({
    aborted: 'deadline',
  })
  expect(events().find(({ type }) => type === 'order.refused')).toMatchObject({
    why: { key: 'run.order.returnPathBroken' },
  })
})

it('is made again by one order, and the rollback then goes', async () => {
  const { night, world, types } = aNight([
    once(repair, isBroken),
    once(rollBack, run => run.repair?.components.database?.status === 'done'),
  ])
  world.returnPaths = { database: 'broken' }
  expect(await night.carryOut()).toBe('rolled-back')
  expect(world.count('repair', 'database.reverse')).toBe(1)
  expect(night.run.repair).toMatchObject({ by: 'person', reason: 'the slot is gone' })
  const told = types().filter(type => type.startsWith('return-path.') || type === 'rollback.started')
  expect(told).toEqual([
    ...['return-path.seen', 'return-path.repair-started', 'return-path.repaired', 'return-path.seen'],
    'rollback.started',
  ])
})

it('a repair that fails is told, and waits for the next order', async () => {
  const { night, world } = aNight([once(repair, isBroken)])
  world.returnPaths = { database: 'broken' }
  world.repairFails = true
  expect(await night.carryOut()).toBe('moved')
  expect(night.run.repair?.components.database).toMatchObject({ status: 'failed', attempt: 1 })
  expect(world.count('repair', 'database.reverse')).toBe(1)
})

it('a repair in which the program is killed goes on by the next program, which ends what is left of it first', async () => {
  const { night, world, types } = aNight([once(repair, isBroken)])
  world.returnPaths = { database: 'broken' }
  const { night: whole, world: other, types: all } = aNight([once(repair, isBroken)])
  other.returnPaths = { database: 'broken' }
  await whole.carryOut()
  night.journal.killAt = { count: all().indexOf('return-path.repair-started') + 1, when: 'after' }
  await expect(night.carryOut()).rejects.toThrow()
  expect(types().at(-1)).toBe('return-path.repair-started')
  expect(await night.resume()).toBe('moved')
  expect(night.run.repair?.components.database).toMatchObject({ status: 'done', attempt: 2 })
  expect(world.calls).toContainEqual({ what: 'leftovers', step: 'run/database/return-path' })
})

it('a run that has moved goes on for a repair, and finished when it had moved', async () => {
  const { night, world } = aNight()
  expect(await night.carryOut()).toBe('moved')
  const { finishedAt } = night.run
  world.returnPaths = { database: 'broken' }
  night.people.push(once(repair, () => true))
  expect(await night.resume()).toBe('moved')
  expect(world.count('repair', 'database.reverse')).toBe(1)
  expect(night.run).toMatchObject({ outcome: 'moved', finishedAt })
})

it('there is nothing to repair before the reopening', async () => {
  const { night, events } = aNight([once(repair, run => run.gates.reopen !== undefined)])
  expect(await night.carryOut()).toBe('moved')
  const refused = events().find(({ type }) => type === 'order.refused')
  expect(refused).toMatchObject({ why: { key: 'run.order.noReturnPath' } })
})

describe('a component without return path', () => {
  const lacking = (people: Person[] = []) => {
    const clock = new VirtualClock()
    const runbook = aRunbook(
      [
        aStep('database.accept', [], { stage: 'handover', noReturnPath: true }),
        aStep('names.switch', ['reopen'], { stage: 'switch', deadlineSeconds: 3600 }),
        aStep('names.settle', ['names.switch'], { stage: 'settle', attempts: 1 }),
      ],
      [aGate('reopen', ['database.accept'])],
    )
    const world = new RecordingWorld(clock, { 'names.switch': { beforeSeconds: 600 } })
    return { night: new Night(aPlan(runbook.steps), runbook, clock, world, people), world }
  }
  const isReopened: Person['when'] = run => run.gates.reopen?.openedAt !== undefined
  const isBefore: Person['when'] = run => run.gates.reopen?.checks['check-reopen']?.status === 'passed'

  it('is rolled back before the reopening like any other', async () => {
    const { night, world } = lacking([once(rollBack, isBefore)])
    expect(await night.carryOut()).toBe('rolled-back')
    expect(world.count('undo', 'database.accept')).toBe(1)
  })

  it('is not rolled back after it: the order is refused, and nothing is stopped', async () => {
    const { night, world } = lacking([reopen, once(rollBack, isReopened)])
    expect(await night.carryOut()).toBe('moved')
    const refused = night.journal.entries().find(({ event }) => event.type === 'order.refused')?.event
    expect(refused).toMatchObject({
      why: { key: 'run.order.rollbackLoses', values: { components: 'database' } },
    })
    expect(world.count('undo', 'database.accept')).toBe(0)
    expect(withoutReturnPath(night.runbook, night.run)).toEqual(['database'])
  })

  it('what fails after it waits for people', async () => {
    const waits: boolean[] = []
    const skip: Person = {
      when: run => {
        if (run.steps['names.settle']?.status !== 'failed') return false
        waits.push(waitsForPeople(night.runbook, run, night.plan))
        return true
      },
      order: { do: 'skip', step: 'names.settle', reason: 'by hand later' },
    }
    const { night, world } = lacking([reopen, skip])
    world.behaviours['names.settle'] = { failures: 1 }
    expect(await night.carryOut()).toBe('moved')
    expect([waits.at(-1), night.run.rollback]).toEqual([true, undefined])
  })

  it('is told as such in the status', async () => {
    const { night } = lacking([reopen])
    await night.carryOut()
    const { plan, run, runbook } = night
    for (const language of ['en', 'fr'] as const) {
      const formatter = strictFormatter(language)
      const rows = returnPathRows({ plan, runbook, run, now: '2026-12-12T22:00:00Z' }, formatter)
      expect(rows.map(({ component, state }) => [component, state])).toEqual([['database', 'none']])
      expect(returnPathLines(rows, formatter, 'watch')).toHaveLength(1)
    }
  })
})

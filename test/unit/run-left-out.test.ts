import { beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Step } from '../../src/model/step.ts'
import type { Dispatch } from '../../src/run/ports.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const part = 'ns2:53'
const means = { key: 'test.left' } as const
const optional = { part, means, meansRolledBack: means }

/** Does what it should only without a server that never answers. */
class WaitingWorld extends RecordingWorld {
  /** What is in the way, as its failure names it. */
  late = [part]
  override dispatch(): Dispatch {
    const dispatch = super.dispatch()
    return {
      ...dispatch,
      apply: async (context, work) => {
        const left = (context.leftOut ?? []).map(one => one.part)
        const missing = this.late.filter(one => !left.includes(one))
        if (context.step.id === 'names.switch' && missing.length > 0)
          throw new Failure({ key: 'test.cannot' }, { leaveOut: missing })
        return dispatch.apply(context, work)
      },
    }
  }
}

let world: WaitingWorld
beforeEach(() => {
  world = new WaitingWorld(new VirtualClock())
})

function night(change: Partial<Step>, people: Person[] = []): Night {
  const clock = new VirtualClock()
  const switched = aStep('names.switch', ['reopen'], { mayLeaveOut: [optional], ...change })
  const steps = [aStep('a.stop', ['go']), switched, aStep('a.open', ['names.switch'])]
  const runbook = aRunbook(steps, [
    aGate('go', []),
    aGate('integrity', ['a.stop']),
    aGate('reopen', ['a.stop']),
  ])
  world = new WaitingWorld(clock)
  return new Night(aPlan(steps), runbook, clock, world, [...people, ...willing(runbook)])
}

const leaveOut = (what: Partial<Order & { do: 'leave-out' }> = {}): Order => ({
  ...{ do: 'leave-out', component: 'names', part, reason: 'its site has no power' },
  ...what,
})
const hasFailed: Person['when'] = run =>
  run.steps['names.switch']?.status === 'failed' && run.steps['names.switch'].failures >= 2

describe('a step that waits for what never answers', () => {
  it('goes on by itself without it where the plan says so, and the run tells it until the end', async () => {
    const reason = 'the provider promises nothing'
    const one = night({ mayLeaveOut: [{ ...optional, reason }] })
    expect(await one.carryOut()).toBe('moved')
    expect(one.run.leftOut).toMatchObject([{ component: 'names', part, reason }])
    expect(one.run.leftOut?.[0]).not.toHaveProperty('by')
    expect(one.run.steps['names.switch']).toMatchObject({ status: 'done', attempt: 2 })
  })

  it('asks people where the plan does not, and goes on with their word', async () => {
    const one = night({}, [{ when: hasFailed, order: leaveOut() }])
    expect(await one.carryOut()).toBe('moved')
    expect(one.run.leftOut).toMatchObject([{ part, reason: 'its site has no power', by: expect.any(String) }])
  })

  it('ends with `waiting` when nobody is to be waited for', async () => {
    const one = night({})
    expect(await one.carryOut(false)).toBe('waiting')
    expect(one.run.rollback).toBeUndefined()
  })

  it('is rolled back at the last safe moment when nobody says a word', async () => {
    const one = night({})
    expect(await one.carryOut()).toBe('rolled-back')
    expect(one.run.rollback?.trigger).toBe('failure')
    expect(Date.parse(one.run.finishedAt ?? '')).toBeLessThanOrEqual(Date.parse(one.run.windowEnd))
    expect(Date.parse(one.run.finishedAt ?? '')).toBeGreaterThan(Date.parse(one.run.windowEnd) - 60_000)
  })

  it('is rolled back at once when something else is in the way too', async () => {
    const one = night({})
    world.late = [part, 'ns1:53']
    expect(await one.carryOut()).toBe('rolled-back')
    expect(Date.parse(one.run.finishedAt ?? '')).toBeLessThan(Date.parse(one.run.windowEnd) - 3_600_000)
  })

  it('takes no word for what is needed, for what it does without already, or during a rollback', async () => {
    const one = night({}, [
      { when: () => true, order: leaveOut({ part: 'ns1:53' }) },
      { when: () => true, order: leaveOut() },
      { when: run => run.leftOut !== undefined, order: leaveOut() },
      {
        when: run => run.steps['names.switch']?.status === 'done',
        order: { do: 'roll-back', reason: 'tried' },
      },
      { when: run => run.rollback !== undefined, order: leaveOut() },
    ])
    expect(await one.carryOut()).toBe('rolled-back')
    const refused = one.journal
      .entries()
      .flatMap(({ event }) => (event.type === 'order.refused' ? [event.why.key] : []))
    expect(refused.sort()).toEqual([
      'run.order.alreadyRollingBack',
      'run.order.partLeftOut',
      'run.order.partNeeded',
    ])
    expect(one.run.leftOut).toHaveLength(1)
  })
})

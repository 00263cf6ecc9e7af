import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Runbook } from '../../src/model/step.ts'
import { openPlan } from '../../src/plan/load.ts'
import { compile } from '../../src/runbook/compile.ts'
import { Night, type Person, willing } from '../doubles/night.ts'
import { type Behaviour, RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'

const planFile = join(import.meta.dirname, '../../examples/techcorp/plan.yaml')
let plan: Plan
let runbook: Runbook

beforeAll(async () => {
  const kinds = await loadKinds()
  plan = await openPlan([planFile], kinds)
  runbook = compile({ plan, kinds, mode: 'live', facts: {} })
})

type Variant = {
  name: string
  outcome: string
  trigger?: string
  behaviours?: Record<string, Behaviour>
  values?: Record<string, number>
  refuse?: true
}

const variants: Variant[] = [
  { name: 'all goes well', outcome: 'moved' },
  {
    name: 'the promotion fails',
    outcome: 'rolled-back',
    trigger: 'R1',
    behaviours: { 'database.promote': { failures: 99 } },
  },
  {
    name: 'a service will not start',
    outcome: 'rolled-back',
    trigger: 'R2',
    behaviours: { 'courses.await-healthy': { failures: 99 } },
  },
  { name: 'rows differ', outcome: 'rolled-back', trigger: 'R3', values: { T9: 1 } },
  { name: 'the tester says NO-GO', outcome: 'rolled-back', trigger: 'no-go', refuse: true },
]

function aNight({ behaviours = {}, values = {}, refuse }: Variant): Night {
  const clock = new VirtualClock()
  const world = new RecordingWorld(clock, behaviours, { T1: 200, ...values })
  const noGo: Person = {
    when: run => run.gates.reopen !== undefined,
    order: { do: 'no-go', gate: 'reopen', role: 'tester' },
  }
  const team = willing(runbook).filter(
    ({ order }) => refuse !== true || !('gate' in order) || order.gate !== 'reopen',
  )
  return new Night(plan, runbook, clock, world, refuse === true ? [...team, noGo] : team)
}

describe.each(variants)('the TechCorp night when $name, killed at every journal write', variant => {
  it('comes to the same end, no effect lost, no completed step repeated', async () => {
    const whole = aNight(variant)
    expect(await whole.carryOut()).toBe(variant.outcome)
    expect(whole.run.rollback?.trigger).toBe(variant.trigger)
    const writes = whole.journal.entries().length
    expect(writes).toBeGreaterThan(60)
    for (let count = 2; count <= writes; count++) {
      const night = aNight(variant)
      night.journal.killAt = { count, when: count % 2 === 0 ? 'before' : 'after' }
      await expect(night.carryOut()).rejects.toThrow('killed at journal write')
      expect(await night.resume(), `killed at write ${count}`).toBe(variant.outcome)
      expect([...night.world.effects].sort()).toEqual([...whole.world.effects].sort())
      const repeated = runbook.steps.filter(step => night.world.count('effect', step.id) > 1)
      expect(
        repeated.map(step => step.id),
        `killed at write ${count}`,
      ).toEqual([])
    }
  })
})

import { describe, expect, it } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Check, RunMode } from '../../src/model/step.ts'
import { openPlan } from '../../src/plan/load.ts'
import { compile } from '../../src/runbook/compile.ts'
import { examplePlan } from '../helpers/state-directory.ts'

const kinds = await loadKinds()
const plan = await openPlan([examplePlan], kinds)

const checksOf = (of: Plan, mode: RunMode = 'live'): Check[] =>
  compile({ plan: of, kinds, mode, facts: {} }).gates.flatMap(({ checks }) => checks)
const streaming = (checks: Check[]) => checks.filter(({ measure }) => measure === 'standbysNotStreaming')

describe('that replication streams is asked before the cut', () => {
  it('also where the plan does not ask for it', () => {
    expect(streaming(checksOf(plan))).toMatchObject([
      {
        id: 'database.standbysNotStreaming',
        component: 'database',
        threshold: { equals: 0 },
        onFailure: 'block',
        maxAgeSeconds: 600,
      },
    ])
  })

  it('once, where the plan does', () => {
    const written = plan.checks.T2
    if (written === undefined) throw new Error('the example has no T2')
    const T2 = { ...written, measure: 'standbysNotStreaming' }
    expect(streaming(checksOf({ ...plan, checks: { ...plan.checks, T2 } })).map(({ id }) => id)).toEqual([
      'T2',
    ])
  })

  it('not in a rehearsal, which has no such gate', () => {
    expect(streaming(checksOf(plan, 'rehearsal'))).toEqual([])
  })
})

it('the greatest age of a check is that of the plan', () => {
  const { T1 } = plan.checks
  if (T1 === undefined) throw new Error('the example has no T1')
  const checks = { ...plan.checks, T1: { ...T1, maxAgeSeconds: 1800 } }
  const ages = new Map(checksOf({ ...plan, checks }).map(({ id, maxAgeSeconds }) => [id, maxAgeSeconds]))
  expect([ages.get('T1'), ages.get('T9')]).toEqual([1800, 600])
})

it('it is never shorter than measuring the whole gate may take: that would measure for ever', () => {
  const checks = Object.fromEntries(
    Object.entries(plan.checks).map(([id, check]) => [id, { ...check, maxAgeSeconds: 1 }]),
  )
  for (const gate of compile({ plan: { ...plan, checks }, kinds, mode: 'live', facts: {} }).gates) {
    const alone = gate.checks.filter(check => check.alone).map(check => check.deadlineSeconds)
    const longest = Math.max(...gate.checks.map(({ deadlineSeconds }) => deadlineSeconds))
    const least = Math.max(
      longest,
      alone.reduce((sum, one) => sum + one, 0),
    )
    for (const { id, maxAgeSeconds = 0 } of gate.checks)
      if (!id.includes('.')) expect(maxAgeSeconds, id).toBeGreaterThanOrEqual(least)
  }
})

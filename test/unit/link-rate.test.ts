import { describe, expect, test } from 'vitest'
import { linkRate } from '../../src/kinds/kit/link-rate.ts'
import { kind } from '../../src/kinds/link/index.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import { rolesOf } from '../../src/model/roles.ts'

const link = (id: string, declaredMbps: number): Component => ({
  id,
  kind: 'link',
  title: id,
  criticality: 'high',
  owner: 'network',
  needs: [],
  spec: { declaredMbps, source: { host: 'gateway' }, target: { host: 'gateway' } },
})
const rateOf = (links: Component[], measured: Record<string, number | null> = {}) => {
  const plan = { components: Object.fromEntries(links.map(one => [one.id, one])) } as unknown as Plan
  const facts = Object.entries(measured).map(([id, value]): [string, Facts] => [
    id,
    { bandwidthMbps: { value, unit: 'Mbit/s', at: '' } },
  ])
  return linkRate(rolesOf(plan, { link: kind }, Object.fromEntries(facts)))
}

describe('the rate of the link between the sites', () => {
  test('is the lowest that was measured, whatever the plan declares', () => {
    const links = [link('one', 10), link('other', 1000)]
    expect(rateOf(links, { one: 180, other: 170 })).toEqual({ mbps: 170, from: 'measured' })
    expect(rateOf(links, { other: 170 })).toEqual({ mbps: 170, from: 'measured' })
  })

  test('is the lowest that the plan declares where nothing was measured, or it failed', () => {
    const links = [link('one', 200), link('other', 1000)]
    expect(rateOf(links)).toEqual({ mbps: 200, from: 'declared' })
    expect(rateOf(links, { one: null, other: 0 })).toEqual({ mbps: 200, from: 'declared' })
  })

  test('is unknown without a link', () => {
    expect(rateOf([])).toBeUndefined()
  })
})

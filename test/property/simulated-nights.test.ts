import { beforeAll, describe, expect, it } from 'vitest'
import { Campaign, type Known, loadKnown } from '../simulation/campaign.ts'
import { type Found, foundBefore } from '../simulation/found-before.ts'
import { scenarioOf } from '../simulation/scenario.ts'

let known: Known
beforeAll(async () => {
  known = await loadKnown()
})

describe('what broke a promise once', () => {
  it.each(foundBefore)('$what', async ({ scenario }: Found) => {
    expect((await new Campaign(known, scenario).carryOut()).violations).toEqual([])
  })
})

describe('preparations, nights, rollbacks and second tries among an adversary', () => {
  const seeds = Array.from({ length: 300 }, (_, at) => at + 1)

  it.each(seeds)('seed %i keeps every promise', async seed => {
    expect((await new Campaign(known, scenarioOf(seed)).carryOut()).violations).toEqual([])
  })

  it('is the same each time', async () => {
    const seen = async () => {
      const { entries, acknowledged, virtualSeconds, ends } = await new Campaign(
        known,
        scenarioOf(7),
      ).carryOut()
      return { entries, acknowledged, virtualSeconds, ends }
    }
    expect(await seen()).toEqual(await seen())
  })

  it('reaches every kind of fault and of end', () => {
    const faults = new Set(seeds.flatMap(seed => scenarioOf(seed).faults.map(fault => fault.do)))
    expect([...faults].sort()).toEqual([
      ...['copy-state', 'cut', 'full', 'kill', 'lose', 'order', 'power', 'site-dies', 'slow', 'twice'],
    ])
  })
})

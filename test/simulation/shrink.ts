import fc from '../helpers/property.ts'
import { Campaign, type Known } from './campaign.ts'
import { type Scenario, scenarios } from './scenario.ts'

/** The smallest scenario found that still breaks a promise: fewer faults, fewer words, sooner. */
export async function shrunk(known: Known, seed: number): Promise<Scenario | undefined> {
  const holds = async (scenario: Scenario): Promise<boolean> =>
    (await new Campaign(known, scenario).carryOut()).violations.length === 0
  const { counterexample } = await fc.check(fc.asyncProperty(scenarios, holds), { seed, numRuns: 1 })
  return counterexample?.[0]
}

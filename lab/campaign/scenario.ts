import fc from 'fast-check'
import { type TroubleName, troubleNames } from './troubles.ts'

/** From the entry of the night's journal with this number on. */
export type Trouble = { name: TroubleName; atEntry: number; seconds: number }
export type Scenario = {
  /** The program is killed with -9 after these entries of the night. */
  kills: number[]
  troubles: Trouble[]
}

/** A quiet night in the laboratory without machines writes a few more: what is planned for any of them comes. */
const entriesOfANight = 160
const entry = fc.integer({ min: 1, max: entriesOfANight })

/** Without bias: the ends of a range are no likelier to find what is wrong than its middle. */
const scenarios: fc.Arbitrary<Scenario> = fc.noBias(
  fc.record({
    kills: fc.uniqueArray(entry, { maxLength: 3 }),
    troubles: fc.array(
      fc.record({
        name: fc.constantFrom(...troubleNames),
        atEntry: entry,
        seconds: fc.integer({ min: 3, max: 45 }),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  }),
)

/** The same seed is always the same scenario; what comes of it depends on how fast the machine is, too. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 })
  if (scenario === undefined) throw new Error('no scenario')
  return scenario
}

import type { SiteSide } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'
import fc from '../helpers/property.ts'
import { hostsOf } from './estate.ts'

/** From the journal entry with this number on, counted over all runs of the mode; `calls`: so many calls later. */
export type Moment = { mode: RunMode; entry: number; calls: number }
export type Fault = Moment &
  (
    | { do: 'kill'; when: 'before' | 'after'; restartSeconds: number; goesOn: 'here' | 'takeover' }
    | { do: 'power'; host: string; seconds: number }
    | { do: 'site-dies'; side: SiteSide; seconds: number | 'for-good' }
    | { do: 'cut'; between: SiteSide | 'sites'; seconds: number }
    | { do: 'lose'; what: 'request' | 'answer'; count: number }
    | { do: 'slow'; seconds: number; count: number }
    | { do: 'twice'; count: number }
    | { do: 'full'; host: string; seconds: number }
    | { do: 'order'; order: 'hold' | 'roll-back' | 'no-go' }
    | { do: 'copy-state'; actsAfterEntries: number }
  )
/** What people say when they are asked at the first gates of the nights, one after the other. */
export type Word = { says: 'go' | 'no-go' | 'nothing'; delaySeconds: number; twice: boolean }
export type Scenario = {
  faults: Fault[]
  words: Word[]
  rehearses: boolean
  /** Nights, while they are rolled back. */
  nights: number
  /** A rollback is followed by another preparation. */
  preparesAgain: boolean
  /** So long after a night that has moved, people roll it back all the same; undefined: it stays. */
  regretsAfterSeconds?: number
  /** How long people take for what waits. */
  patienceSeconds: number
}

const hosts = [...hostsOf.source, ...hostsOf.target]
const seconds = fc.integer({ min: 1, max: 600 })
const count = fc.integer({ min: 1, max: 6 })
const moment = fc.record({
  mode: fc.oneof(
    { weight: 2, arbitrary: fc.constant<RunMode>('preparation') },
    { weight: 1, arbitrary: fc.constant<RunMode>('rehearsal') },
    { weight: 8, arbitrary: fc.constant<RunMode>('live') },
  ),
  entry: fc.integer({ min: 1, max: 190 }),
  calls: fc.integer({ min: 0, max: 12 }),
})
const side = fc.constantFrom<SiteSide>('source', 'target')
const what = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('kill' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
      restartSeconds: fc.integer({ min: 1, max: 120 }),
      goesOn: fc.constantFrom('here' as const, 'here' as const, 'takeover' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('power' as const), host: fc.constantFrom(...hosts), seconds }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('site-dies' as const),
      side,
      seconds: fc.oneof(
        { weight: 2, arbitrary: seconds },
        { weight: 1, arbitrary: fc.constant('for-good' as const) },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      between: fc.constantFrom<SiteSide | 'sites'>('source', 'target', 'sites'),
      seconds,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      what: fc.constantFrom('request' as const, 'answer' as const),
      count,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('slow' as const),
      seconds: fc.integer({ min: 1, max: 30 }),
      count,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('twice' as const), count }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('full' as const), host: fc.constantFrom(...hosts), seconds }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      order: fc.constantFrom('hold' as const, 'roll-back' as const, 'no-go' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('copy-state' as const),
      actsAfterEntries: fc.integer({ min: 0, max: 20 }),
    }),
  },
)
const fault = fc.tuple(moment, what).map(([at, one]): Fault => ({ ...at, ...one }))
const word = fc.record({
  says: fc.oneof(
    { weight: 8, arbitrary: fc.constant('go' as const) },
    { weight: 1, arbitrary: fc.constant('no-go' as const) },
    { weight: 1, arbitrary: fc.constant('nothing' as const) },
  ),
  delaySeconds: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5000 })),
  twice: fc.boolean(),
})

const always = {
  faults: fc.array(fault, { minLength: 0, maxLength: 7 }),
  words: fc.array(word, { minLength: 0, maxLength: 6 }),
  rehearses: fc.boolean(),
  nights: fc.integer({ min: 1, max: 2 }),
  preparesAgain: fc.boolean(),
  patienceSeconds: fc.integer({ min: 5, max: 400 }),
}
export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 2, arbitrary: fc.record(always) },
  {
    weight: 1,
    arbitrary: fc.record({ ...always, regretsAfterSeconds: fc.integer({ min: 1, max: 5000 }) }),
  },
)

/** The same seed is always the same scenario. */
export const scenarioOf = (seed: number): Scenario => {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 })
  if (scenario === undefined) throw new Error('no scenario')
  return scenario
}

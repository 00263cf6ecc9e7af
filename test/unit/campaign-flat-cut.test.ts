import { expect, it } from 'vitest'
import { cutOf, type FlatNight, growthOf } from '../../lab/campaign/flat-cut.ts'

/** A night whose services were away for these seconds, with a wait for each zone's resolvers. */
function night(seconds: number | null, waits: (number | null)[] = []): FlatNight {
  const service = { seconds, servedAtEnd: true }
  const step = (id: string, actualSeconds: number | null) => ({
    ...{ id, plannedSeconds: 3, actualSeconds, outcome: 'done' },
  })
  return {
    cut: { auth: service, files: { ...service, seconds: 1 } } as unknown as FlatNight['cut'],
    steps: [
      step('files.final-delta', 4),
      ...waits.map((wait, index) => step(`zone-${index}.wait-resolvers`, wait)),
    ],
  }
}
const growth = (...nights: FlatNight[]) => growthOf(nights.map(cutOf))

it('the cut is compared without the wait for resolvers, of which the longest counts', () => {
  expect(cutOf(night(25.5, [5, 0.5, null]))).toEqual({
    services: { auth: 25.5, files: 1 },
    resolversSeconds: 5,
  })
  expect(growth(night(20, [0]), night(25, [5, 1]))).toBe(0)
})

it('what grows with the data is growth, though resolvers were waited for', () => {
  expect(growth(night(20, [0]), night(31, [5]))).toBe(0.3)
  expect(growth(night(20), night(26))).toBe(0.3)
})

it('a service that was never served again is no short cut', () => {
  expect(growth(night(20), night(null))).toBe(Infinity)
})

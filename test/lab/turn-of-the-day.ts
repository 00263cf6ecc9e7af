/** Whole days since 1970: what takes minutes has its turn, so that all of it runs within a few days and none of it every day. */
const day = Math.floor(Date.now() / 86_400_000)

/** Two trials that take turns, a day each. */
export const isTurnOf = (trial: 'what goes wrong' | 'program of the day'): boolean =>
  (trial === 'what goes wrong') === (day % 2 === 0)

/** The one of some that has its turn, of those that come every second day. Throws Error when there is none. */
export function ofTheDay<T>(trials: readonly T[]): T {
  const trial = trials[Math.floor(day / 2) % trials.length]
  if (trial === undefined) throw new Error('nothing to take turns')
  return trial
}

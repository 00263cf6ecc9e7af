/** Whole days since 1970: what takes minutes has its turn, so that all of it runs within a few days and none of it every day. */
const day = Math.floor(Date.now() / 86_400_000)

/** Of each line one has the day: whole nights on the laboratory, what takes a laboratory of all parts, and the ways of a machine. */
const turns = [
  ['night as documented', 'program of the day', 'night killed', 'what goes wrong'],
  ['secrets', 'bad input'],
  ['seed-and-delta', 'remote-migrate', 'backup-restore', 'bad night of a machine'],
] as const
type Trial = (typeof turns)[number][number]

export const isTurnOf = (trial: Trial): boolean =>
  turns.some(trials => (trials as readonly Trial[])[day % trials.length] === trial)

/** The one of some that share a turn of every fourth day. Throws Error when there is none. */
export function ofTheDay<T>(trials: readonly T[]): T {
  const trial = trials[Math.floor(day / 4) % trials.length]
  if (trial === undefined) throw new Error('nothing to take turns')
  return trial
}

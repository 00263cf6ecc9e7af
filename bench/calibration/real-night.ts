import type { Step } from '../../src/model/step.ts'
import { type Estate, tail } from './estate.ts'
import type { Luck } from './luck.ts'

/** Seconds since the beginning. */
type Times = Map<string, { start: number; end: number }>
/** What really happened, told apart from what the forecast simulates: by a scheduler of its own. `undos`: how long each took. */
export type RealNight = { times: Times; finish: number; undos: Map<string, number>; rollbackSeconds: number }

type Work = { id: string; after: string[]; alone: number; sending: number; sent?: true }

/** One night of an estate: every duration is drawn anew, and who sends at the same time shares the link equally. */
export function realNight(estate: Estate, expectedOf: (id: string) => number, luck: Luck): RealNight {
  const lasts = (id: string, expected: number): number => {
    const truth = estate.truths.get(id)
    if (truth === undefined) throw new RangeError(`no truth of ${id}`)
    const extra = truth.heavyTail && luck.share() < tail.chance ? luck.pareto(tail.shape) : 1
    return expected * truth.bias * luck.lognormal(truth.sigma) * extra
  }
  const { steps, gates } = estate.runbook
  const works: Work[] = [
    ...steps.map(({ id, after, expectedSeconds }) => {
      const seconds = lasts(id, expectedSeconds)
      const share = estate.linkShares.get(id) ?? 0
      return { id, after: [...after], alone: seconds * (1 - share), sending: seconds * share }
    }),
    ...gates.flatMap(({ id, after, signoffs }) => [
      {
        id: `${id}/checks`,
        after: [...after],
        alone: lasts(`${id}/checks`, expectedOf(`${id}/checks`)),
        sending: 0,
      },
      ...signoffs.map(role => {
        const alone = lasts(role, expectedOf(role))
        return { id: `${id}/${role}`, after: [`${id}/checks`], alone, sending: 0 }
      }),
      { id, after: [`${id}/checks`, ...signoffs.map(role => `${id}/${role}`)], alone: 0, sending: 0 },
    ]),
  ]
  const times = passed(works)
  const opened = times.get('reopen')?.end ?? 0
  const begun = steps.filter(({ id }) => (times.get(id)?.start ?? 0) < opened)
  const undos = new Map(
    begun.flatMap(({ id, undo }) =>
      undo.possible ? [[id, lasts(`undo ${id}`, undo.expectedSeconds)] as const] : [],
    ),
  )
  const finish = Math.max(...[...times.values()].map(({ end }) => end))
  return { times, finish, undos, rollbackSeconds: longestChain(begun, gates, undos) }
}

/** Second by event: what ends next ends, and what waited for it begins. */
function passed(works: readonly Work[]): Times {
  const times: Times = new Map()
  const left = new Map(works.map(work => [work.id, { alone: work.alone, sending: work.sending }]))
  const running = new Set<Work>()
  const waiting = new Set(works)
  const done = new Set<string>()
  for (let now = 0; ; ) {
    for (const work of waiting) {
      if (!work.after.every(id => done.has(id))) continue
      waiting.delete(work)
      running.add(work)
      times.set(work.id, { start: now, end: now })
    }
    if (running.size === 0) return times
    const restOf = (work: Work) => left.get(work.id) ?? { alone: 0, sending: 0 }
    const senders = [...running].filter(work => restOf(work).alone === 0 && restOf(work).sending > 0).length
    const nextOf = (work: Work): number => {
      const { alone, sending } = restOf(work)
      return alone > 0 ? alone : sending * senders
    }
    const passing = Math.min(...[...running].map(nextOf))
    const ending = [...running].filter(work => nextOf(work) <= passing + 1e-9)
    for (const work of running) {
      const rest = restOf(work)
      if (rest.alone > 0) rest.alone = ending.includes(work) ? 0 : rest.alone - passing
      else if (rest.sending > 0) rest.sending = ending.includes(work) ? 0 : rest.sending - passing / senders
    }
    now += passing
    for (const work of ending) {
      const rest = restOf(work)
      if (rest.alone > 0 || rest.sending > 0) continue
      running.delete(work)
      done.add(work.id)
      times.set(work.id, { start: times.get(work.id)?.start ?? now, end: now })
    }
  }
}

/** Undos of steps that waited for each other come one after the other; gates take no time. */
function longestChain(
  begun: readonly Step[],
  gates: Estate['runbook']['gates'],
  undos: ReadonlyMap<string, number>,
): number {
  const after = new Map([...begun, ...gates].map(node => [node.id, node.after]))
  const known = new Map<string, number>()
  const until = (id: string): number => {
    const found = known.get(id)
    if (found !== undefined) return found
    const seconds = (undos.get(id) ?? 0) + Math.max(0, ...(after.get(id) ?? []).map(until))
    known.set(id, seconds)
    return seconds
  }
  return Math.max(0, ...begun.map(({ id }) => until(id)))
}

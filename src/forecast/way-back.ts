import type { Plan } from '../model/plan.ts'
import type { Residual } from '../model/residual.ts'
import type { Runbook, Step } from '../model/step.ts'
import { estimatedSpread, p95Ratio } from './ratios.ts'
import { likeStep, measuredOf, ratioOf } from './residuals.ts'

/** Going back from somewhere, at P95. */
export type WayBack = {
  /** The plan's margin included; 0 where nothing is to be undone. */
  seconds: number
  /** The steps whose undos wait for each other and last longest together, the first one done first. */
  chain: string[]
  basis: WayBackBasis
}
/**
 * Of the chain's undos that take time: how many are measured often enough for a P95 of their own, how many were measured and lasted
 * longer than assumed, and how many are assumed.
 */
export type WayBackBasis = { measured: number; lengthened: number; assumed: number }

export type WayBackInput = {
  runbook: Runbook
  plan: Pick<Plan, 'rollback'>
  /** Durations of earlier runs; of those that are no undo nothing is read. */
  measured: readonly Residual[]
}

/**
 * The longest chain of undos among these steps. Each is taken at its own P95: what makes one undo slow in a night, as a slow disk,
 * makes the next one slow too.
 */
export function wayBack({ runbook, plan, measured }: WayBackInput, touched: readonly Step[]): WayBack {
  const undos = measured.filter(({ timed }) => timed === 'undo')
  const earlier = new Earlier(runbook)
  const links = new Map<string, Link>()
  let last: Link | undefined
  // forwards through the runbook: the chain that ends in a step is its own undo after those it waited for
  for (const step of touched) {
    const before = earlier.longest(step, links)
    const own = undoAtP95(step, undos)
    const link = { step: step.id, own, seconds: (before?.seconds ?? 0) + own.seconds, before }
    links.set(step.id, link)
    if (last === undefined || link.seconds > last.seconds) last = link
  }
  const chain: Link[] = []
  for (let link = last; link !== undefined; link = link.before) chain.push(link)
  return {
    seconds: last === undefined ? 0 : last.seconds + plan.rollback.marginSeconds,
    chain: chain.map(({ step }) => step).reverse(),
    basis: basisOf(chain.map(({ own }) => own)),
  }
}

type Link = { step: string; own: UndoTime; seconds: number; before: Link | undefined }

export type UndoTime = { seconds: number; from: keyof WayBackBasis | 'nothing' }

/**
 * What its undo takes at P95. Only what was measured of this very undo often enough for a band replaces the assumption; what was
 * measured more seldom, or of others like it, counts where it is longer: a run must not trust in a shorter rollback on such grounds.
 */
export function undoAtP95(step: Step, measured: readonly Residual[]): UndoTime {
  const expected = step.undo.possible ? step.undo.expectedSeconds : 0
  if (expected <= 0) return { seconds: 0, from: 'nothing' }
  const { used, isItself } = measuredOf(measured, { timed: 'undo', id: step.id, like: likeStep(step) })
  const { ratio, basis } = p95Ratio(used.map(ratioOf), estimatedSpread)
  if (isItself && basis.from === 'band' && basis.percentile === 95)
    return { seconds: expected * ratio, from: 'measured' }
  const assumed = expected * estimatedSpread
  if (ratio <= estimatedSpread) return { seconds: assumed, from: 'assumed' }
  // what a short undo of another component took in excess, as for its connection, does not grow with the length of this one
  const excess = Math.max(...used.map(({ seconds, expectedSeconds }) => seconds - expectedSeconds))
  const seconds = isItself ? expected * ratio : Math.min(expected * ratio, assumed + excess * estimatedSpread)
  return { seconds, from: 'lengthened' }
}

function basisOf(undos: readonly UndoTime[]): WayBackBasis {
  const count = (from: UndoTime['from']): number => undos.filter(undo => undo.from === from).length
  return { measured: count('measured'), lengthened: count('lengthened'), assumed: count('assumed') }
}

/** Gates and untouched steps are looked through: they cost no undo, but what stands before them does. */
class Earlier {
  readonly #after: ReadonlyMap<string, readonly string[]>
  constructor({ steps, gates }: Runbook) {
    this.#after = new Map([...steps, ...gates].map(({ id, after }) => [id, after]))
  }

  longest(step: Step, links: ReadonlyMap<string, Link>): Link | undefined {
    const seen = new Set<string>()
    let longest: Link | undefined
    const visit = (id: string): void => {
      if (seen.has(id)) return
      seen.add(id)
      const known = links.get(id)
      if (known === undefined) for (const earlier of this.#after.get(id) ?? []) visit(earlier)
      else if (longest === undefined || known.seconds > longest.seconds) longest = known
    }
    for (const id of step.after) visit(id)
    return longest
  }
}

import type { Entries } from './judge.ts'
import type { Service } from './ledger.ts'

export type Sites = { source: string; target: string }
export type Moment = { at: string; site?: string }
/** Between two successes of a service, with at least one request begun and failed. */
export type Outage = { from: Moment; to: Moment; seconds: number }
/**
 * `moved`: last served by the target. `returned`: by the source, after an outage or a stay at the target.
 * `unbroken`: by the source, and no request ever failed between two successes. `unserved`: no success at all.
 */
export type CutOutcome = 'moved' | 'returned' | 'unbroken' | 'unserved'
export type ServiceCut = {
  outcome: CutOutcome
  /** The last success at the source before the cut. */
  lastSuccessAtSource?: string
  firstSuccessAtTarget?: string
  /** Of a `returned` service: the first success back at the source. */
  firstSuccessBackAtSource?: string
  /**
   * `moved`: from the last success at the source to the first at the target. `returned`: the longest outage, or,
   * after a stay at the target, all outages of the way there and back. Null when the users saw only one side.
   */
  seconds: number | null
  /** Served by the source after the target had begun: two sites in service at once. */
  stragglersAtSource: number
  outages: Outage[]
  /** False when requests begun after the last success failed. */
  servedAtEnd: boolean
}

type Success = { at: number; site: string | undefined }
type Seen = { successes: Success[]; failures: number[] }

/** The cut as users saw it, for every service of the ledger. */
export async function cuts(entries: Entries, sites: Sites): Promise<Partial<Record<Service, ServiceCut>>> {
  return Object.fromEntries(
    [...(await seenIn(entries))].map(([service, what]) => [service, cutOf(what, sites)]),
  )
}

/** Whether every service of the ledger is served where it ends. */
export async function areServed(entries: Entries): Promise<boolean> {
  return [...(await seenIn(entries)).values()].every(isServedAtEnd)
}

/** In the order of time. */
async function seenIn(entries: Entries): Promise<Map<Service, Seen>> {
  const seen = new Map<Service, Seen>()
  for await (const entry of entries) {
    if (entry.kind !== 'request') continue
    const service = seen.get(entry.service) ?? { successes: [], failures: [] }
    seen.set(entry.service, service)
    if (entry.outcome === 'ok') service.successes.push({ at: Date.parse(entry.at), site: entry.site })
    else service.failures.push(Date.parse(entry.startedAt))
  }
  for (const { successes, failures } of seen.values()) {
    successes.sort((a, b) => a.at - b.at)
    failures.sort((a, b) => a - b)
  }
  return seen
}

function isServedAtEnd({ successes, failures }: Seen): boolean {
  const last = successes.at(-1)
  return last !== undefined && (failures.at(-1) ?? 0) <= last.at
}

function cutOf(seen: Seen, sites: Sites): ServiceCut {
  const { successes, failures } = seen
  const outages = outagesOf(successes, failures)
  const last = successes.at(-1)
  const servedAtEnd = isServedAtEnd(seen)
  const firstTarget = successes.findIndex(success => success.site === sites.target)
  const common = { outages, servedAtEnd, stragglersAtSource: 0 }
  if (!last) return { ...common, outcome: 'unserved', seconds: null }
  if (firstTarget < 0) return stayed(common, outages)
  const before = successes.slice(0, firstTarget).findLast(success => success.site === sites.source)
  const reached = successes[firstTarget] as Success
  const moved = {
    ...common,
    ...(before ? { lastSuccessAtSource: iso(before.at) } : {}),
    firstSuccessAtTarget: iso(reached.at),
  }
  if (last.site !== sites.source) {
    const stragglers = successes.slice(firstTarget).filter(success => success.site === sites.source)
    const seconds = before ? (reached.at - before.at) / 1000 : null
    return { ...moved, outcome: 'moved', seconds, stragglersAtSource: stragglers.length }
  }
  return cameBack(moved, successes, before, sites)
}

type Common = Pick<ServiceCut, 'outages' | 'servedAtEnd' | 'stragglersAtSource'>

/** Users never saw the target. */
function stayed(common: Common, outages: Outage[]): ServiceCut {
  const [longest] = outages.toSorted((a, b) => b.seconds - a.seconds)
  if (!longest) return { ...common, outcome: 'unbroken', seconds: 0 }
  return {
    ...common,
    outcome: 'returned',
    seconds: longest.seconds,
    lastSuccessAtSource: longest.from.at,
    firstSuccessBackAtSource: longest.to.at,
  }
}

/** Users were served by the target, then by the source again. */
function cameBack(
  moved: Common,
  successes: Success[],
  before: Success | undefined,
  sites: Sites,
): ServiceCut {
  const lastTarget = successes.findLastIndex(success => success.site === sites.target)
  const back = successes.slice(lastTarget).find(success => success.site === sites.source) as Success
  const within = moved.outages.filter(
    outage => Date.parse(outage.from.at) >= (before?.at ?? 0) && Date.parse(outage.to.at) <= back.at,
  )
  const seconds = before ? within.reduce((sum, outage) => sum + outage.seconds, 0) : null
  return { ...moved, outcome: 'returned', seconds, firstSuccessBackAtSource: iso(back.at) }
}

function outagesOf(successes: Success[], failures: number[]): Outage[] {
  const outages: Outage[] = []
  let next = 0
  for (let index = 1; index < successes.length; index += 1) {
    const [from, to] = [successes[index - 1] as Success, successes[index] as Success]
    while (next < failures.length && (failures[next] as number) < from.at) next += 1
    const failed = next < failures.length && (failures[next] as number) < to.at
    if (failed) outages.push({ from: moment(from), to: moment(to), seconds: (to.at - from.at) / 1000 })
  }
  return outages
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()
const moment = ({ at, site }: Success): Moment => ({ at: iso(at), ...(site === undefined ? {} : { site }) })

import { Temporal } from 'temporal-polyfill'
import type { Host, Plan, SiteSide } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import type { Runbook, Step, TouchedSide } from '../model/step.ts'
import { stepState } from './fold-step.ts'

/** The sites at which a step's sides are: what keeps a copy up to date is at the source. */
export const sitesOf = (touched: readonly TouchedSide[]): Set<SiteSide> =>
  new Set(
    touched.flatMap(side => {
      if (side === 'replication') return ['source' as const]
      return side === 'shared' || side === 'outside' ? [] : [side]
    }),
  )

export const undoTouches = (step: Step): readonly TouchedSide[] => step.undoTouches ?? step.touches ?? []

/** It changes the given site, and nothing else. */
export function changesOnly(touched: readonly TouchedSide[], side: SiteSide): boolean {
  const elsewhere = touched.some(one => one === 'shared' || one === 'outside')
  const sites = sitesOf(touched)
  return !elsewhere && sites.size === 1 && sites.has(side)
}

/**
 * A step that hands over, of that component if one is given, was begun in this run, whatever became of it: until all that it let in is
 * home, only people can say that the target holds nothing of its own. Undefined where the runbook does not say which steps do.
 */
export function handedOver(runbook: Runbook, run: Run, component?: string): boolean | undefined {
  const handing = runbook.steps.filter(
    step => step.handsOver === true && (component === undefined || step.component === component),
  )
  return handing.length === 0 ? undefined : handing.some(({ id }) => stepState(run, id).mayHaveChanged)
}

/**
 * Its undo ends the writing at the target, or brings back what users wrote there: to leave it out opens the source without that.
 * A rehearsal has no users at the target; once the target is given up, that is lost already.
 */
export const undoSavesWrites = (step: Step, { mode, siteGivenUp }: Run): boolean =>
  mode === 'live' &&
  siteGivenUp?.side !== 'target' &&
  (step.makesReturnPath !== undefined || step.handsOver === true)

/** The ssh names of a site's hosts, without those that the other site has, too. */
export const hostsOfSide = (plan: Plan, side: SiteSide): string[] =>
  placesOfSide(plan, side, ({ ssh }) => [ssh])

/** The names or addresses by which a site's hosts are asked, each once, without those that the other site has, too. */
export function placesOfSide(plan: Plan, side: SiteSide, placesOf: (host: Host) => string[]): string[] {
  const places = (one: SiteSide) => Object.values(plan.sites[one].hosts).flatMap(placesOf)
  const others = new Set(places(side === 'target' ? 'source' : 'target'))
  return [...new Set(places(side))].filter(place => !others.has(place))
}

/** What ended failed, and later than an instant at which a site was asked: what was heard then says nothing about now. */
export const failedSince = (ends: readonly { status: string; endedAt?: string }[], at: string): boolean =>
  ends.some(
    ({ status, endedAt }) =>
      status === 'failed' && endedAt !== undefined && Temporal.Instant.compare(endedAt, at) > 0,
  )

import type { Plan, SiteSide } from '../model/plan.ts'
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
 * A step that hands over was begun in this run, whatever became of it: until all that it let in is home, only people can say that
 * the target holds nothing of its own. Undefined where the runbook does not say which steps do.
 */
export function targetMayHaveWrites(runbook: Runbook, run: Run): boolean | undefined {
  const handing = runbook.steps.filter(step => step.handsOver === true)
  return handing.length === 0 ? undefined : handing.some(({ id }) => stepState(run, id).mayHaveChanged)
}

/**
 * Its undo ends the writing at the target, or brings back what users wrote there: to leave it out opens the source without that.
 * A rehearsal has no users at the target; once the target is given up, that is lost already.
 */
export const undoSavesWrites = (step: Step, { mode, siteGivenUp }: Run): boolean =>
  mode === 'live' &&
  siteGivenUp?.side !== 'target' &&
  (step.wayBack ?? step.returnPath ?? step.handsOver ?? false)

/** What `StepContext.handedOver` is for a component's steps. */
export function handedOver(runbook: Runbook, run: Run, component: string): boolean | undefined {
  const handing = runbook.steps.filter(step => step.handsOver === true && step.component === component)
  if (handing.length === 0) return undefined
  return handing.some(({ id }) => stepState(run, id).mayHaveChanged)
}

/** The ssh names of a site's hosts, without those that the other site has, too. */
export function hostsOfSide(plan: Plan, side: SiteSide): string[] {
  const names = (one: SiteSide) => Object.values(plan.sites[one].hosts).map(host => host.ssh)
  const others = new Set(names(side === 'target' ? 'source' : 'target'))
  return [...new Set(names(side))].filter(name => !others.has(name))
}

import type { Host, Plan, SiteSide } from '../model/plan.ts'
import type { Step, TouchedSide } from '../model/step.ts'

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

/** The ssh names of a site's hosts, without those that the other site has, too. */
export const hostsOfSide = (plan: Plan, side: SiteSide): string[] =>
  placesOfSide(plan, side, ({ ssh }) => [ssh])

/** The names or addresses by which a site's hosts are asked, each once, without those that the other site has, too. */
export function placesOfSide(plan: Plan, side: SiteSide, placesOf: (host: Host) => string[]): string[] {
  const places = (one: SiteSide) => Object.values(plan.sites[one].hosts).flatMap(placesOf)
  const others = new Set(places(side === 'target' ? 'source' : 'target'))
  return [...new Set(places(side))].filter(place => !others.has(place))
}

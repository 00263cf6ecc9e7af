import type { Plan } from '../model/plan.ts'
import type { GateId } from '../model/stage.ts'
import { prerequisites } from '../runbook/graph.ts'
import type { Limits, WindowChance } from './night-forecast.ts'
import { quantileOfSorted } from './quantiles.ts'
import type { Ends } from './simulate.ts'
import type { ForecastInput } from './tasks.ts'
import { wayBack } from './way-back.ts'

const reopening: GateId = 'reopen'

/**
 * `rollbackSeconds`: simulated from the reopening, at P95. Where a run computes more for it, it rolls back by that, and so the limit is
 * that of the longer one.
 */
export function limitsOf(
  { plan, runbook, residuals }: Pick<ForecastInput, 'plan' | 'runbook' | 'residuals'>,
  rollbackSeconds: number | undefined,
): Limits {
  const { lengthMinutes, rollbackReserveMinutes } = plan.window
  const finishSeconds = (lengthMinutes - rollbackReserveMinutes) * 60
  if (rollbackSeconds === undefined) return { finishSeconds }
  const before = prerequisites(runbook).get(reopening)
  const touched = runbook.steps.filter(({ id }) => before?.has(id))
  const ofRun = wayBack({ runbook, plan, measured: residuals }, touched).seconds
  const needed = Math.max(rollbackSeconds + plan.rollback.marginSeconds, ofRun)
  return { finishSeconds, reopeningSeconds: finishSeconds - needed }
}

/** The share of the nights that fit a window which is so much longer, from 0 to 1. */
export function chanceToFit(
  { finish, watched }: Ends,
  { finishSeconds, reopeningSeconds = Number.POSITIVE_INFINITY }: Limits,
  moreSeconds = 0,
): number {
  let fitting = 0
  for (let night = 0; night < finish.length; night++) {
    const ends = (finish[night] as number) <= finishSeconds + moreSeconds
    if (ends && (watched[night] as number) <= reopeningSeconds + moreSeconds) fitting++
  }
  return fitting / finish.length
}

/** In steps of a point: where a window would have to end for this share of the nights to fit. */
export function chancesOf(
  { finish, watched }: Ends,
  { finishSeconds, reopeningSeconds = Number.POSITIVE_INFINITY }: Limits,
  { window }: Pick<Plan, 'window'>,
): WindowChance[] {
  const missing = finish
    .map((seconds, night) => Math.max(seconds - finishSeconds, (watched[night] as number) - reopeningSeconds))
    .sort()
  return Array.from({ length: curvePoints + 1 }, (_, point) => {
    const chance = point / curvePoints
    return { endSeconds: window.lengthMinutes * 60 + quantileOfSorted(missing, chance), chance }
  })
}
const curvePoints = 100

/** What a plan that says nothing wants: nineteen nights in twenty. */
export const percentileOf = ({ forecast }: Pick<Plan, 'forecast'>): number => forecast?.percentile ?? 95

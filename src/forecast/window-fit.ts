import type { Plan } from '../model/plan.ts'
import type { Limits } from './night-forecast.ts'
import type { Ends } from './simulate.ts'
import type { ForecastInput } from './tasks.ts'

/** `rollbackSeconds`: from the reopening, at P95. Absent: the runbook has no such gate. */
export function limitsOf({ plan }: Pick<ForecastInput, 'plan'>, rollbackSeconds: number | undefined): Limits {
  const { lengthMinutes, rollbackReserveMinutes } = plan.window
  const finishSeconds = (lengthMinutes - rollbackReserveMinutes) * 60
  if (rollbackSeconds === undefined) return { finishSeconds }
  return { finishSeconds, reopeningSeconds: finishSeconds - plan.rollback.marginSeconds - rollbackSeconds }
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

/** What a plan that says nothing wants: nineteen nights in twenty. */
export const percentileOf = ({ forecast }: Pick<Plan, 'forecast'>): number => forecast?.percentile ?? 95

import { Temporal } from 'temporal-polyfill'
import type { Event } from '../../model/event.ts'
import type { Run } from '../../model/run.ts'
import { tryAgain } from '../try-again.ts'

/** Which hosts of a site answered, and which were silent, when all of them were asked. */
export function withSiteAsked(run: Run, event: Extract<Event, { type: 'site.asked' }>, at: string): Run {
  const { type: _type, side, ...heard } = event
  const before = run.sitesAsked?.[side]?.silent ?? []
  const asked = { ...run, sitesAsked: { ...run.sitesAsked, [side]: { at, ...heard } } }
  // the way forward goes on with what was lost and is back; a rollback tries again by itself
  const isBack = run.rollback === undefined && heard.silent.length < before.length
  return isBack ? tryAgain(asked) : asked
}

/** What ended failed, and later than an instant at which a site was asked: what was heard then says nothing about now. */
export const failedSince = (ends: readonly { status: string; endedAt?: string }[], at: string): boolean =>
  ends.some(
    ({ status, endedAt }) =>
      status === 'failed' && endedAt !== undefined && Temporal.Instant.compare(endedAt, at) > 0,
  )

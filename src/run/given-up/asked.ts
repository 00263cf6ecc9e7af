import type { Event, Written } from '../../model/event.ts'
import type { Run } from '../../model/run.ts'
import { tryAgain } from '../try-again.ts'

/** Which hosts of a site answered, and which were silent, when all of them were asked. */
export function withSiteAsked(
  run: Run,
  event: Extract<Event, { type: 'site.asked' }>,
  written: Written,
): Run {
  const { type: _type, side, ...heard } = event
  const before = run.sitesAsked?.[side]?.silent ?? []
  const asked = { ...run, sitesAsked: { ...run.sitesAsked, [side]: { ...written, ...heard } } }
  // the way forward goes on with what was lost and is back; a rollback tries again by itself
  const isBack = run.rollback === undefined && heard.silent.length < before.length
  return isBack ? tryAgain(asked) : asked
}

/** What ended failed, and after a site was asked, by the journal's order: what was heard then says nothing about now. */
export const failedSince = (
  ends: readonly { status: string; endedSequence?: number }[],
  { sequence }: Written,
): boolean => ends.some(({ status, endedSequence = 0 }) => status === 'failed' && endedSequence > sequence)

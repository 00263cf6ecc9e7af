import { Temporal } from 'temporal-polyfill'
import { dayName } from '../../model/calendar.ts'
import type { Judged, PlannedWork } from './judgement.ts'

/** The minute in which users come back: as planned, else once the traffic has been switched. Undefined: the schedule has neither. */
export function reopensAt({ timed }: Judged): number | undefined {
  const reopen = timed.find(({ work }) => work === 'reopen')
  return reopen?.when.startMinute ?? timed.findLast(({ work }) => work === 'switch')?.when.endMinute
}

/** Whether it begins once users are back. */
export function isAfterReopening(judged: Judged, { when }: PlannedWork): boolean {
  if (when.is === 'days') return when.fromDay > 0
  const reopen = reopensAt(judged)
  return when.is === 'timed' && reopen !== undefined && when.startMinute >= reopen
}

/** Inside of the window, or before it; not once users are back. */
export const isBeforeReopening = (judged: Judged, work: PlannedWork): boolean =>
  work.when.is !== 'days' && !isAfterReopening(judged, work)

/** The local time of a minute of the night, as the clock in the plan's zone has it: 23:45. */
export const clockAt = ({ plan: { window, zone } }: Judged, minute: number): string =>
  Temporal.ZonedDateTime.from(`${window.start}[${zone}]`)
    .add({ minutes: minute })
    .toPlainTime()
    .toString({ smallestUnit: 'minute' })

/** 23:45 of a slot, J+1 of a phase. */
export function startOf(judged: Judged, { when }: PlannedWork): string {
  if (when.is === 'days') return dayName(when.fromDay)
  return when.is === 'timed' ? clockAt(judged, when.startMinute) : '?'
}

import { Temporal } from 'temporal-polyfill'
import type { Component } from '../model/plan.ts'
import type { Slot, SlotTime } from '../model/schedule.ts'
import type { Moment } from './days.ts'
import type { ParsedPlan } from './schema.ts'

/** The slots in the order written, with their ends. `start`: of the window, as the model has it. */
export function assembleSchedule(
  { schedule = {}, zone, window }: ParsedPlan,
  start: string,
  components: Record<string, Component>,
): Slot[] {
  const opens = Temporal.ZonedDateTime.from(`${start}[${zone}]`)
  const minuteOf = (moment: Moment): number => minutesAfter(opens, moment)
  const entries = Object.entries(schedule)
  const starts = entries.flatMap(([, { at }]) => (at === undefined ? [] : [minuteOf(at)]))
  const time = ({ at, until }: (typeof entries)[number][1]): SlotTime => {
    if (at === undefined) return { is: 'untimed' }
    const startMinute = minuteOf(at)
    if (until !== undefined) {
      const end = minuteOf(
        until.day === undefined && at.day !== undefined ? { ...until, day: at.day } : until,
      )
      // an end without a day is the first such time after the start
      const endMinute = until.day === undefined && end < startMinute ? end + 24 * 60 : end
      return { is: 'timed', startMinute, endMinute: Math.max(startMinute, endMinute), endIsWritten: true }
    }
    const next = Math.min(...starts.filter(minute => minute > startMinute))
    const endMinute = Number.isFinite(next) ? next : Math.max(startMinute, window.length / 60)
    return { is: 'timed', startMinute, endMinute, endIsWritten: false }
  }
  return entries.map(([id, slot]) => {
    const owner = slot.owner ?? components[slot.components[0] ?? '']?.owner
    return {
      id,
      title: slot.title ?? id,
      work: slot.work,
      components: slot.components,
      ...(owner !== undefined && { owner }),
      ...(slot.size && { sizeBytes: slot.size }),
      time: time(slot),
    }
  })
}

/** By the clock of the zone, whose hours may be skipped or repeated in that very night. */
function minutesAfter(opens: Temporal.ZonedDateTime, { day, hour, minute }: Moment): number {
  const clock = Temporal.PlainTime.from({ hour, minute })
  const isNextDay = day === undefined && Temporal.PlainTime.compare(clock, opens.toPlainTime()) < 0
  const date = opens.toPlainDate().add({ days: day ?? (isNextDay ? 1 : 0) })
  const at = date.toZonedDateTime({ timeZone: opens.timeZoneId, plainTime: clock })
  return Math.round(opens.until(at, { largestUnit: 'minutes' }).total('minutes'))
}

import { Temporal } from 'temporal-polyfill'
import { type DayRange, dayName } from '../model/calendar.ts'
import type { MessageKey } from '../model/text.ts'
import type { Calendar, CalendarNotice, DueState } from './calendar.ts'
import type { Formatter } from './formatter.ts'
import type { Tone } from './tone.ts'

export type StateName = DueState['is']

/** A state's symbol says without colour what its word says. */
export const stateSymbols: Record<StateName, string> = {
  done: '✔',
  due: '▶',
  late: '✖',
  past: '–',
  ahead: '·',
}
export const stateTones: Record<StateName, Tone | undefined> = {
  done: 'good',
  due: 'warn',
  late: 'bad',
  past: undefined,
  ahead: undefined,
}
export const stateNames: Record<StateName, MessageKey> = {
  done: 'views.calendar.state.done',
  due: 'views.calendar.state.due',
  late: 'views.calendar.state.late',
  past: 'views.calendar.state.past',
  ahead: 'views.calendar.state.ahead',
}

/** `done on 3 Dec`, `late by 2 d`, `in 5 d`. */
export function stateText(state: DueState, formatter: Formatter): string {
  const spanOf = (days: number) => formatter.duration(days * 86_400)
  switch (state.is) {
    case 'done':
      return formatter.say({ key: 'views.calendar.doneOn', values: { day: formatter.date(state.at) } })
    case 'late':
      return formatter.say({ key: 'views.calendar.lateBy', values: { time: spanOf(state.days) } })
    case 'ahead':
      return formatter.say({ key: 'views.calendar.inDays', values: { time: spanOf(state.inDays) } })
    default:
      return formatter.say({ key: stateNames[state.is] })
  }
}

/** Noon, so that no change of the clocks moves it to another day. */
export function noonOf(date: string, zone: string): string {
  const at = { timeZone: zone, plainTime: '12:00' }
  return Temporal.PlainDate.from(date).toZonedDateTime(at).toInstant().toString()
}

/** `J-14 to J-8`; one day alone is that day. */
export function rangeText({ fromDay, untilDay }: DayRange, formatter: Formatter): string {
  if (fromDay === untilDay) return dayName(fromDay)
  return toText(dayName(fromDay), dayName(untilDay), formatter)
}

export const toText = (from: string, until: string, formatter: Formatter): string =>
  formatter.say({ key: 'views.calendar.range', values: { from, until } })

/** `Sat 12 Dec 2026 22:00 to 00:00 (Europe/Paris)`; the day of the end where it is another than the start's. */
export function windowText({ window, zone }: Calendar, formatter: Formatter): string {
  const [start, end] = [formatter.day(window.start), formatter.day(window.end)]
  const from = `${start} ${formatter.minute(window.start)}`
  const until = start === end ? formatter.minute(window.end) : `${end} ${formatter.minute(window.end)}`
  return `${toText(from, until, formatter)} (${zone})`
}

export const noticeText = ({ to, subject }: CalendarNotice, formatter: Formatter): string =>
  formatter.say({ key: 'views.calendar.notice', values: { to, subject } })

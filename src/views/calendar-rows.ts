import { type DayRange, isAvailable } from '../model/calendar.ts'
import type { Calendar, CalendarDay, CalendarPhase, DueState } from './calendar.ts'
import { noonOf, noticeText, rangeText, toText } from './calendar-words.ts'
import type { Formatter } from './formatter.ts'

/** What one line of the calendar says. `who` is undefined for what is nobody's, as the window; empty: nobody is available. */
export type CalendarEntry = { what: string; who?: { role: string; names: string[] }; state?: DueState }
/** Days that follow each other and have the same entries, as one. */
export type CalendarRow = {
  range: DayRange
  /** `J-14 to J-8`. */
  days: string
  /** `Sat 28 Nov 2026 to Fri 4 Dec 2026`. */
  dates: string
  isToday: boolean
  entries: CalendarEntry[]
  away: string[]
}

export function calendarRows(calendar: Calendar, formatter: Formatter): CalendarRow[] {
  const groups: CalendarDay[][] = []
  for (const day of calendar.days) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && areAlike(last[0], day, calendar)) last.push(day)
    else groups.push([day])
  }
  return groups.flatMap(([first, ...more]) =>
    first === undefined ? [] : [rowOf(first, more.at(-1) ?? first, calendar, formatter)],
  )
}

/** The window, a notice and today have their own row. */
function areAlike(one: CalendarDay, other: CalendarDay, calendar: Calendar): boolean {
  const days = [one.day, other.day]
  if (days.includes(0) || days.includes(calendar.today.day)) return false
  if (one.notices.length + other.notices.length > 0) return false
  const told = ({ phases, away, day }: CalendarDay) =>
    JSON.stringify([phases, away, phases.map(id => namesOn(phaseOf(calendar, id), day, calendar))])
  return told(one) === told(other)
}

const phaseOf = ({ phases }: Calendar, id: string) => phases.find(phase => phase.id === id)

/** Who of the phase's role is available on that day. */
const namesOn = (phase: CalendarPhase | undefined, day: number, { people }: Calendar): string[] =>
  people
    .filter(({ available }) =>
      available.some(range => range.role === phase?.owner && isAvailable({ available: range }, day)),
    )
    .map(({ name }) => name)

function rowOf(first: CalendarDay, last: CalendarDay, calendar: Calendar, formatter: Formatter): CalendarRow {
  const range = { fromDay: first.day, untilDay: last.day }
  const [from, until] = [first.date, last.date].map(date => formatter.day(noonOf(date, calendar.zone)))
  const phases = first.phases.flatMap((id): CalendarEntry[] => {
    const phase = phaseOf(calendar, id)
    if (phase === undefined) return []
    const who = { role: phase.owner, names: namesOn(phase, first.day, calendar) }
    return [{ what: phase.title, who, state: phase.state }]
  })
  const notices = calendar.notices
    .filter(({ id }) => first.notices.includes(id))
    .map((notice): CalendarEntry => ({ what: noticeText(notice, formatter), state: notice.state }))
  const { start, end } = calendar.window
  const times = toText(formatter.minute(start), formatter.minute(end), formatter)
  const window = { what: formatter.say({ key: 'views.calendar.windowEntry', values: { times } }) }
  return {
    range,
    days: rangeText(range, formatter),
    dates: from === until ? (from ?? '') : toText(from ?? '', until ?? '', formatter),
    isToday: first.day === calendar.today.day,
    entries: [...(first.day === 0 ? [window] : []), ...phases, ...notices],
    away: first.away,
  }
}

/** `Sophie Reynaud`, or that nobody of the role is available. */
export function whoText({ who }: CalendarEntry, formatter: Formatter): string {
  if (who === undefined) return ''
  if (who.names.length > 0) return who.names.join(', ')
  return formatter.say({ key: 'views.calendar.nobody', values: { role: who.role } })
}

import { dayName } from '../model/calendar.ts'
import type { MessageKey } from '../model/text.ts'
import type { Calendar } from './calendar.ts'
import { type CalendarEntry, calendarRows, whoText } from './calendar-rows.ts'
import { noonOf, noticeText, stateSymbols, stateText, stateTones, windowText } from './calendar-words.ts'
import type { Formatter } from './formatter.ts'
import { columns, type Line, pad, span } from './lines.ts'

/** The calendar for a terminal: what is said of the day, then every day. */
export function calendarLines(calendar: Calendar, formatter: Formatter): Line[] {
  const say = (key: MessageKey) => formatter.say({ key })
  const { today } = calendar
  const day = `${dayName(today.day)}, ${formatter.day(noonOf(today.date, calendar.zone))}`
  return [
    [span(calendar.title, 'strong')],
    [span(`${say('views.calendar.window')} ${windowText(calendar, formatter)}`)],
    [span(`${say('views.calendar.on')} ${day}`)],
    [],
    ...toldOfToday(calendar, formatter).flatMap(({ label, items, style }): Line[] => [
      [span(`${label} `), ...(items.length === 0 ? [span(say('views.calendar.none'), 'dim')] : [])],
      ...items.map(item => [span('  '), span(item, style)]),
    ]),
    ...dayLines(calendar, formatter),
  ]
}

type Told = { label: string; items: string[]; style?: 'bad' | 'active' }

/** What is due, what is late, who is away, on the day asked for. */
export function toldOfToday(calendar: Calendar, formatter: Formatter): Told[] {
  const say = (key: MessageKey) => formatter.say({ key })
  const titles = (ids: readonly string[]) =>
    calendar.phases.filter(({ id }) => ids.includes(id)).map(({ title }) => title)
  const notices = calendar.notices.filter(({ id }) => calendar.due.notices.includes(id))
  const due = [...titles(calendar.due.phases), ...notices.map(notice => noticeText(notice, formatter))]
  return [
    { label: say('views.calendar.due'), items: due, style: 'active' },
    { label: say('views.calendar.late'), items: titles(calendar.late), style: 'bad' },
    { label: say('views.calendar.away'), items: calendar.away },
  ]
}

function dayLines(calendar: Calendar, formatter: Formatter): Line[] {
  const rows = calendarRows(calendar, formatter)
  const width = Math.max(0, ...rows.flatMap(row => row.entries.map(({ what }) => columns(what))))
  const daysWidth = Math.max(0, ...rows.map(({ days }) => columns(days))) + 2
  return rows.flatMap(({ days, dates, isToday, entries, away }): Line[] => [
    [],
    [
      span(pad(days, daysWidth), isToday ? 'active' : 'strong'),
      span(dates),
      ...(isToday ? [span(` ◀ ${formatter.say({ key: 'views.calendar.today' })}`, 'active')] : []),
    ],
    ...entries.map(entry => entryLine(entry, width, formatter)),
    ...(away.length === 0
      ? []
      : [
          [
            span('  '),
            span(`${formatter.say({ key: 'views.calendar.awayNames' })} ${away.join(', ')}`, 'dim'),
          ],
        ]),
  ])
}

function entryLine(entry: CalendarEntry, width: number, formatter: Formatter): Line {
  const { what, who, state } = entry
  const tone = state && stateTones[state.is]
  const isNobody = who !== undefined && who.names.length === 0
  return [
    span(`  ${state === undefined ? '◆' : stateSymbols[state.is]} `, tone),
    span(`${pad(what, width)}  `),
    span(pad(whoText(entry, formatter), 24), isNobody ? 'bad' : undefined),
    ...(state === undefined ? [] : [span(` ${stateText(state, formatter)}`, tone ?? 'dim')]),
  ]
}

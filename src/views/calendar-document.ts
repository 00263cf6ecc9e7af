import { dayName } from '../model/calendar.ts'
import type { MessageKey } from '../model/text.ts'
import type { Calendar } from './calendar.ts'
import { calendarChart } from './calendar-chart.ts'
import { toldOfToday } from './calendar-lines.ts'
import { calendarRows, whoText } from './calendar-rows.ts'
import { noonOf, rangeText, stateSymbols, stateText, stateTones, windowText } from './calendar-words.ts'
import { type Block, cell, type Document } from './document.ts'
import type { Formatter } from './formatter.ts'

/** The calendar as a page: the day asked for first, then the chart, then every day and every person. */
export function calendarDocument(calendar: Calendar, formatter: Formatter): Document {
  const say = (key: MessageKey) => formatter.say({ key })
  const { today, late, due } = calendar
  const date = formatter.day(noonOf(today.date, calendar.zone))
  const counts = { late: late.length, due: due.phases.length + due.notices.length }
  return {
    language: formatter.language,
    title: calendar.title,
    subtitle: say('views.calendar.title'),
    verdict: cell(
      `${dayName(today.day)} · ${formatter.say({ key: 'views.calendar.verdict', values: counts })}`,
      late.length > 0 ? 'bad' : due.phases.length > 0 ? 'warn' : 'good',
    ),
    sections: [
      { id: 'today', title: `${dayName(today.day)}, ${date}`, blocks: todayBlocks(calendar, formatter) },
      {
        id: 'chart',
        title: say('views.calendar.chart'),
        blocks: [{ type: 'calendar', chart: calendarChart(calendar, formatter) }],
      },
      { id: 'days', title: say('views.calendar.days'), blocks: [daysTable(calendar, formatter)] },
      { id: 'people', title: say('views.calendar.people'), blocks: [peopleTable(calendar, formatter)] },
    ],
    footer: formatter.say({ key: 'views.calendar.footer', values: { zone: calendar.zone } }),
  }
}

function todayBlocks(calendar: Calendar, formatter: Formatter): Block[] {
  const none = formatter.say({ key: 'views.calendar.none' })
  const told = toldOfToday(calendar, formatter).flatMap(({ label, items, style }): Block[] => {
    if (items.length === 0) return [{ type: 'paragraph', text: `${label} ${none}` }]
    const tone = style === 'bad' ? 'bad' : undefined
    return [
      { type: 'paragraph', text: label },
      { type: 'list', items: items.map(item => cell(item, tone)) },
    ]
  })
  const label = formatter.say({ key: 'views.calendar.window' })
  return [...told, { type: 'paragraph', text: `${label} ${windowText(calendar, formatter)}` }]
}

function daysTable(calendar: Calendar, formatter: Formatter): Block {
  const say = (key: MessageKey) => formatter.say({ key })
  return {
    type: 'table',
    caption: say('views.calendar.days'),
    stacked: true,
    columns: (
      [
        'views.calendar.column.day',
        'views.calendar.column.date',
        'views.calendar.column.what',
        'views.calendar.column.who',
        'views.calendar.column.state',
      ] as const
    ).map(say),
    figures: [],
    rows: calendarRows(calendar, formatter).flatMap(row => {
      const days = row.isToday ? `▶ ${row.days}` : row.days
      const away =
        row.away.length === 0
          ? []
          : [[cell(''), cell(''), cell(say('views.calendar.awayNames')), cell(row.away.join(', ')), cell('')]]
      const entries = row.entries.map(entry => [
        cell(''),
        cell(''),
        cell(entry.what),
        cell(whoText(entry, formatter), entry.who?.names.length === 0 ? 'bad' : undefined),
        entry.state === undefined
          ? cell('◆')
          : cell(
              `${stateSymbols[entry.state.is]} ${stateText(entry.state, formatter)}`,
              stateTones[entry.state.is],
            ),
      ])
      const [first = [cell(''), cell(''), cell('–'), cell(''), cell('')], ...more] = [...entries, ...away]
      return [[cell(days), cell(row.dates), ...first.slice(2)], ...more]
    }),
  }
}

function peopleTable({ people }: Calendar, formatter: Formatter): Block {
  const say = (key: MessageKey) => formatter.say({ key })
  return {
    type: 'table',
    caption: say('views.calendar.people'),
    stacked: true,
    columns: (
      [
        'views.calendar.column.name',
        'views.calendar.column.role',
        'views.calendar.column.duties',
        'views.calendar.column.available',
      ] as const
    ).map(say),
    figures: [],
    rows: people.map(({ name, duties, available }) => [
      cell(name),
      cell(available.map(({ role }) => role).join(', ')),
      cell(duties.join(', ')),
      cell(available.map(range => rangeText(range, formatter)).join(', ')),
    ]),
  }
}

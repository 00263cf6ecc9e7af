import { dayName, rangesOf } from '../model/calendar.ts'
import type { MessageKey } from '../model/text.ts'
import type { Calendar } from './calendar.ts'
import { noonOf, rangeText, type StateName, stateNames, stateText, stateTones } from './calendar-words.ts'
import type { Formatter } from './formatter.ts'
import type { Tone } from './tone.ts'

/** `unattended`: nobody of the role is available. `available`: a person's own days. Positions are days from the first one shown. */
export type ChartBarKind = StateName | 'unattended' | 'available'
export type ChartRow = {
  label: string
  note: string
  tone?: Tone
  /** Said for who cannot see the bars. */
  description: string
  bars: { kind: ChartBarKind; from: number; days: number }[]
}
export type CalendarChart = {
  title: string
  /** How many days are drawn. */
  days: number
  weekends: number[]
  night: number
  /** Absent where the day asked for is not drawn. */
  today?: number
  ticks: { at: number; day: string; date: string }[]
  groups: { title: string; rows: ChartRow[] }[]
  legend: { kind: ChartBarKind; label: string }[]
}

/** A label is as wide as some days; a year has fewer of them than three weeks have. */
const mostTicks = 5

export function calendarChart(calendar: Calendar, formatter: Formatter): CalendarChart {
  const say = (key: MessageKey) => formatter.say({ key })
  const first = calendar.days[0]?.day ?? 0
  const phases = calendar.phases.map((phase): ChartRow => {
    const { state, unattended } = phase
    const tone = stateTones[state.is]
    const range = rangeText(phase, formatter)
    const told = stateText(state, formatter)
    const isAlways = unattended.length > phase.untilDay - phase.fromDay
    const who = unattended.length === 0 ? phase.people.join(', ') : nobody(phase.owner, isAlways, formatter)
    return {
      label: phase.title,
      note: `${range} · ${who} · ${told}`,
      ...(unattended.length > 0 ? { tone: 'bad' } : tone && { tone }),
      description: `${phase.title}: ${range}, ${told}`,
      bars: [
        { kind: state.is, from: phase.fromDay - first, days: phase.untilDay - phase.fromDay + 1 },
        ...rangesOf(unattended).map(({ fromDay, untilDay }) => ({
          kind: 'unattended' as const,
          from: fromDay - first,
          days: untilDay - fromDay + 1,
        })),
      ],
    }
  })
  const people = calendar.people.map((person): ChartRow => {
    const ranges = person.available.map(range => rangeText(range, formatter))
    const note = [person.available.map(({ role }) => role).join(', '), ranges.join(', ')].join(' · ')
    return {
      label: person.name,
      note,
      description: `${person.name}: ${ranges.join(', ')}`,
      bars: person.available.flatMap(range => availableBar(range, first, calendar.days.length)),
    }
  })
  const used = new Set([...phases, ...people].flatMap(({ bars }) => bars.map(({ kind }) => kind)))
  const today = calendar.days.findIndex(({ day }) => day === calendar.today.day)
  return {
    title: say('views.calendar.chart'),
    days: calendar.days.length,
    weekends: calendar.days.flatMap(({ weekday }, index) => (weekday >= 6 ? [index] : [])),
    night: -first,
    ...(today >= 0 && { today }),
    ticks: ticksOf(calendar, formatter),
    groups: [
      { title: say('views.calendar.phases'), rows: phases },
      { title: say('views.calendar.people'), rows: people },
    ].filter(({ rows }) => rows.length > 0),
    legend: kinds.filter(kind => used.has(kind)).map(kind => ({ kind, label: say(kindNames[kind]) })),
  }
}

const kindNames: Record<ChartBarKind, MessageKey> = {
  ...stateNames,
  unattended: 'views.calendar.unattended',
  available: 'views.calendar.available',
}
const kinds: ChartBarKind[] = ['done', 'due', 'late', 'past', 'ahead', 'unattended', 'available']

const nobody = (role: string, isAlways: boolean, formatter: Formatter): string =>
  formatter.say({
    key: isAlways ? 'views.calendar.nobody' : 'views.calendar.nobodySomeDays',
    values: { role },
  })

/** Somebody may be available far beyond what is drawn. */
function availableBar(
  { fromDay, untilDay }: { fromDay: number; untilDay: number },
  first: number,
  days: number,
): ChartRow['bars'] {
  const from = Math.max(0, fromDay - first)
  const until = Math.min(days - 1, untilDay - first)
  return until < from ? [] : [{ kind: 'available', from, days: until - from + 1 }]
}

/** Whole weeks from the night. */
function ticksOf(calendar: Calendar, formatter: Formatter): CalendarChart['ticks'] {
  const step = 7 * Math.ceil(calendar.days.length / 7 / mostTicks)
  return calendar.days.flatMap(({ day, date }, at) =>
    day % step === 0 ? [{ at, day: dayName(day), date: formatter.date(noonOf(date, calendar.zone)) }] : [],
  )
}

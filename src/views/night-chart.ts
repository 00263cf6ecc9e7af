import type { NightForecast, TaskForecast } from '../forecast/night-forecast.ts'
import { instantAt, millisecondsOf } from '../model/instant.ts'
import type { MessageKey } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { ticks } from './gantt.ts'
import { atSeconds, type PlannedNight, plannedRows } from './planned-night.ts'

/** Positions are fractions of the chart's width, 0 to 1. */
type Span = { from: number; to: number }
/** What is done by machines, what people are waited for, and a gate, which takes no time. */
export type NightRowKind = 'machine' | 'people' | 'gate'
export type NightRow = {
  kind: NightRowKind
  label: string
  /** Says in words what the bars show. */
  note: string
  /** It holds up the end in at least half of the nights. */
  critical: boolean
  planned?: Span
  expected: Span
  /** Where it ends at P95. */
  late: number
}
export type NightMark =
  | ({ kind: 'reserve' } & Span)
  | { kind: 'last-safe'; at: number }
  | { kind: 'window-end'; at: number }
export type NightShape = NightRowKind | NightMark['kind'] | 'planned' | 'late' | 'critical'
export type NightChart = {
  title: string
  description: string
  ticks: { at: number; label: string }[]
  marks: NightMark[]
  rows: NightRow[]
  legend: { shape: NightShape; label: string }[]
}

/** Below this part of the window, the bars of a night would be too short to read on its scale. */
const leastShare = 0.4
const air = 1.02

/** A step that holds up the end in at least half of the nights. */
const isCritical = ({ criticality }: TaskForecast): boolean => criticality >= 0.5

/** The whole window in two rows: the work, and the users who come back. */
export function windowChart(night: PlannedNight, forecast: NightForecast, formatter: Formatter): NightChart {
  const scale = scaleOf(night, wholeSeconds(night, forecast), formatter)
  const { finish, tasks } = forecast
  const work: NightRow = {
    ...{ kind: 'machine', label: formatter.say({ key: 'views.nightPage.work' }), critical: false },
    note: scale.note(0, finish.p50, finish.p95),
    ...{ expected: { from: 0, to: scale.at(finish.p50) }, late: scale.at(finish.p95) },
  }
  const back = tasks
    .filter(({ id }) => id === 'reopen')
    .map(({ end }): NightRow => {
      const at = scale.at(end.p50)
      return {
        ...{ kind: 'gate', label: formatter.say({ key: 'views.nightPage.users' }), critical: false },
        note: scale.note(end.p50, end.p50, end.p95),
        ...{ expected: { from: at, to: at }, late: scale.at(end.p95) },
      }
    })
  return scale.chart('views.nightPage.window', [work, ...back], forecast)
}

/** Every step, gate and person of the night. */
export function stepsChart(night: PlannedNight, forecast: NightForecast, formatter: Formatter): NightChart {
  const whole = wholeSeconds(night, forecast)
  const needed = Math.max(...forecast.tasks.map(({ end }) => end.p95)) * air
  const scale = scaleOf(night, needed < whole * leastShare ? needed : whole, formatter)
  const rows = plannedRows(night).flatMap((row): NightRow[] => {
    const { what, title, planned, task } = row
    if (task === undefined) return []
    const percent = formatter.number(Math.round(task.criticality * 100))
    const told = [
      ...(row.step === undefined ? [] : [row.step.owner]),
      ...(isCritical(task)
        ? [formatter.say({ key: 'views.nightPage.criticalNote', values: { percent } })]
        : []),
    ]
    return [
      {
        kind: what === 'sign-off' ? 'people' : what === 'gate' ? 'gate' : 'machine',
        label: formatter.say(title),
        note: [scale.note(task.start.p50, task.end.p50, task.end.p95), ...told].join(' · '),
        critical: isCritical(task),
        ...(planned && {
          planned: { from: scale.atInstant(planned.start), to: scale.atInstant(planned.end) },
        }),
        expected: { from: scale.at(task.start.p50), to: scale.at(task.end.p50) },
        late: scale.at(task.end.p95),
      },
    ]
  })
  return scale.chart('views.nightPage.steps', rows, forecast)
}

/** To the end of the window, or of the latest nights, whichever is later. */
const wholeSeconds = ({ windowStart, windowEnd }: PlannedNight, { finish }: NightForecast): number =>
  Math.max((millisecondsOf(windowEnd) - millisecondsOf(windowStart)) / 1000, finish.p95) * air

function scaleOf(night: PlannedNight, seconds: number, formatter: Formatter) {
  const start = millisecondsOf(night.windowStart)
  const at = (after: number): number => Math.min(1, Math.max(0, after / seconds))
  const atInstant = (instant: string): number => at((millisecondsOf(instant) - start) / 1000)
  const clock = (after: number): string => formatter.clock(atSeconds(night, after))
  const times = ticks(start, start + seconds * 1000)
  const isByMinute = times.every(time => time % 60_000 === 0)
  const marksOf = ({ limits: { finishSeconds, reopeningSeconds } }: NightForecast): NightMark[] => [
    ...(reopeningSeconds !== undefined && reopeningSeconds >= 0 && reopeningSeconds <= seconds
      ? [{ kind: 'last-safe' as const, at: at(reopeningSeconds) }]
      : []),
    ...(finishSeconds < seconds && atInstant(night.windowEnd) > at(finishSeconds)
      ? [{ kind: 'reserve' as const, from: at(finishSeconds), to: atInstant(night.windowEnd) }]
      : []),
    ...(atInstant(night.windowEnd) < 1
      ? [{ kind: 'window-end' as const, at: atInstant(night.windowEnd) }]
      : []),
  ]
  return {
    at,
    atInstant,
    note: (from: number, to: number, late: number): string => {
      const values = { from: clock(from), to: clock(to), late: clock(late) }
      return from === to
        ? formatter.say({ key: 'views.nightPage.at', values: { to: values.to, late: values.late } })
        : formatter.say({ key: 'views.nightPage.between', values })
    },
    chart: (title: MessageKey, rows: NightRow[], forecast: NightForecast): NightChart => {
      const marks = marksOf(forecast)
      const minute = (after: number): string => formatter.minute(atSeconds(night, after))
      const values = { from: minute(0), to: minute(seconds) }
      return {
        title: formatter.say({ key: title }),
        description: formatter.say({ key: 'views.nightPage.chartNote', values }),
        ticks: times.map(time => {
          const instant = instantAt(time)
          const label = isByMinute ? formatter.minute(instant) : formatter.clock(instant)
          return { at: atInstant(instant), label }
        }),
        ...{ marks, rows, legend: legendOf(rows, marks, night, forecast, formatter) },
      }
    },
  }
}

function legendOf(
  rows: readonly NightRow[],
  marks: readonly NightMark[],
  night: PlannedNight,
  { limits }: NightForecast,
  formatter: Formatter,
): NightChart['legend'] {
  const clock = (seconds: number): string => formatter.minute(atSeconds(night, seconds))
  const { finishSeconds, reopeningSeconds = 0 } = limits
  const shapes: { shape: NightShape; key: MessageKey; values?: Record<string, string> }[] = [
    { shape: 'planned', key: 'views.nightPage.legend.planned' },
    { shape: 'machine', key: 'views.nightPage.legend.machine' },
    { shape: 'people', key: 'views.nightPage.legend.people' },
    { shape: 'late', key: 'views.nightPage.legend.late' },
    { shape: 'gate', key: 'views.nightPage.legend.gate' },
    { shape: 'critical', key: 'views.nightPage.legend.critical' },
    {
      ...{ shape: 'last-safe', key: 'views.nightPage.legend.lastSafe' },
      values: { at: clock(reopeningSeconds) },
    },
    { shape: 'reserve', key: 'views.nightPage.legend.reserve', values: { at: clock(finishSeconds) } },
    {
      ...{ shape: 'window-end', key: 'views.nightPage.legend.windowEnd' },
      values: { at: formatter.minute(night.windowEnd) },
    },
  ]
  const used = new Set<NightShape>([
    'late',
    ...rows.map(({ kind }) => kind),
    ...marks.map(({ kind }) => kind),
  ])
  if (rows.some(({ planned }) => planned !== undefined)) used.add('planned')
  if (rows.some(({ critical }) => critical)) used.add('critical')
  return shapes
    .filter(({ shape }) => used.has(shape))
    .map(({ shape, key, values }) => ({ shape, label: formatter.say({ key, ...(values && { values }) }) }))
}

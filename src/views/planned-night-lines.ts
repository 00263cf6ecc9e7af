import type { Change, Help, NightForecast } from '../forecast/night-forecast.ts'
import type { BasisOf } from '../forecast/residuals.ts'
import { secondsBetween } from '../model/instant.ts'
import type { MessageKey, Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { columns, type Line, padStart, span } from './lines.ts'
import { atSeconds, type PlannedNight, type PlannedRow, plannedRows } from './planned-night.ts'

/** The night as a table: what is done, when it is due, when it is expected, and what its end depends on. */
export function plannedNightLines(night: PlannedNight, formatter: Formatter): Line[] {
  return [
    [span(formatter.say(headOf(night, formatter)), 'strong')],
    [span(formatter.say(factsOf(night, formatter)), 'dim')],
    [],
    ...tableLines(night, formatter),
    [],
    ...(night.forecast ? forecastLines(night, night.forecast, formatter) : []),
  ]
}

function headOf({ plan, runbook, windowStart, windowEnd }: PlannedNight, formatter: Formatter): Text {
  const values = {
    title: plan.title,
    steps: runbook.steps.length,
    gates: runbook.gates.length,
    start: formatter.moment(windowStart),
    end: formatter.clock(windowEnd),
  }
  return { key: 'views.night.head', values }
}

export function factsOf({ known: { auditedAt }, now }: PlannedNight, formatter: Formatter): Text {
  if (auditedAt === undefined) return { key: 'views.night.noFacts' }
  const age = formatter.duration(Math.max(0, secondsBetween(auditedAt, now)))
  return { key: 'views.night.facts', values: { at: formatter.moment(auditedAt), age } }
}

type Cell = { head: MessageKey; of: (row: PlannedRow) => string }

/** A step is marked that holds up the end in at least half of the nights. */
const isCritical = ({ task }: PlannedRow): boolean => (task?.criticality ?? 0) >= 0.5

function tableLines(night: PlannedNight, formatter: Formatter): Line[] {
  const cells = night.forecast === undefined ? [] : cellsOf(night, formatter)
  const heads = cells.map(({ head }) => formatter.say({ key: head }))
  const rows = plannedRows(night)
  const widths = cells.map(({ of }, index) =>
    Math.max(columns(heads[index] ?? ''), ...rows.map(row => columns(of(row)))),
  )
  const shown = (texts: string[]): string =>
    texts.map((text, index) => `${padStart(text, widths[index] ?? 0)}  `).join('')
  const lines = rows.map((row): Line => {
    const critical = isCritical(row)
    return [
      span(critical ? '◆ ' : '  ', 'warn'),
      span(shown(cells.map(({ of }) => of(row)))),
      span(formatter.say(row.title), critical ? 'strong' : undefined),
      span(markOf(row, formatter), 'dim'),
    ]
  })
  return cells.length === 0 ? lines : [[span(`  ${shown(heads)}`, 'dim')], ...lines]
}

export function cellsOf(night: PlannedNight, formatter: Formatter): Cell[] {
  const at = (seconds: number | undefined): string =>
    seconds === undefined ? '' : formatter.clock(atSeconds(night, seconds))
  return [
    { head: 'views.night.planned', of: ({ planned }) => (planned ? formatter.clock(planned.start) : '') },
    { head: 'views.night.begins', of: ({ task }) => at(task?.start.p50) },
    { head: 'views.night.ends', of: ({ task }) => at(task?.end.p50) },
    { head: 'views.night.endsLate', of: ({ task }) => at(task?.end.p95) },
    { head: 'views.night.critical', of: ({ task }) => percentOf(task?.criticality ?? 0, formatter) },
    { head: 'views.night.slack', of: ({ task }) => slackOf(task?.slackSeconds, formatter) },
    { head: 'views.night.measured', of: ({ task }) => basisOf(task?.basis) },
  ]
}

const percentOf = (share: number, formatter: Formatter): string =>
  formatter.say({
    key: 'views.night.percent',
    values: { percent: formatter.number(Math.round(share * 100)) },
  })

const slackOf = (seconds: number | undefined, formatter: Formatter): string =>
  seconds === undefined || seconds < 0.5 ? '' : formatter.duration(Math.round(seconds))

/** Up to which percentile it was measured, and how often; `~`: measured too seldom for a percentile. */
function basisOf(basis: BasisOf | undefined): string {
  if (basis === undefined || basis.from === 'estimate') return ''
  return basis.from === 'band' ? `P${basis.percentile} × ${basis.measured}` : `~ × ${basis.measured}`
}

export function markOf({ step }: PlannedRow, formatter: Formatter): string {
  const marks: MessageKey[] = [
    ...(step?.beside ? (['views.night.beside'] as const) : []),
    ...(step?.undo.possible === false ? (['views.night.noUndo'] as const) : []),
  ]
  return marks.map(key => `  (${formatter.say({ key })})`).join('')
}

function forecastLines(night: PlannedNight, forecast: NightForecast, formatter: Formatter): Line[] {
  const { finish, limits, tasks, helps, peopleSeconds, machineSeconds } = forecast
  const clock = (seconds: number): string => formatter.clock(atSeconds(night, seconds))
  const times = { p50: clock(finish.p50), p80: clock(finish.p80), p95: clock(finish.p95) }
  const said = (key: MessageKey, values: Record<string, string | number>): Line => [
    span(formatter.say({ key, values })),
  ]
  const reopening = tasks.find(task => task.id === 'reopen')
  const { reopeningSeconds } = limits
  return [
    said('views.night.finish', { ...times, limit: clock(limits.finishSeconds) }),
    ...(reopening && reopeningSeconds !== undefined
      ? [
          said('views.night.reopening', {
            ...{ p50: clock(reopening.end.p50), p95: clock(reopening.end.p95) },
            limit: clock(reopeningSeconds),
            rollback: formatter.duration(Math.round(reopening.rollback.p95)),
          }),
        ]
      : []),
    said('views.night.people', {
      people: formatter.duration(Math.round(peopleSeconds)),
      machine: formatter.duration(Math.round(machineSeconds)),
    }),
    said('views.night.basis', countsOf(night)),
    ...helpLines(night, helps, forecast.percentile, formatter),
  ]
}

/** How many durations are measured how well. */
export function countsOf(night: PlannedNight) {
  const timed = plannedRows(night).filter(({ what }) => what !== 'gate')
  const count = (from: BasisOf['from']) => timed.filter(({ task }) => task?.basis.from === from).length
  return { band: count('band'), centred: count('centred'), estimate: count('estimate'), all: timed.length }
}

const helpKeys = {
  window: 'views.night.help.window',
  link: 'views.night.help.link',
  people: 'views.night.help.people',
} as const

/** A tenth of a point, as it is shown: below it, and below a second, nothing is said. */
const leastGain = 0.001

export const tellingHelps = (helps: readonly Help[]): Help[] =>
  helps.filter(({ earlierSeconds, chanceGain }) => earlierSeconds >= 1 || chanceGain >= leastGain)

function helpLines(
  night: PlannedNight,
  helps: readonly Help[],
  percentile: number,
  formatter: Formatter,
): Line[] {
  const telling = tellingHelps(helps)
  if (telling.length === 0) return []
  const gains = telling.map(({ earlierSeconds, chanceGain }) => {
    const earlier = formatter.duration(Math.max(0, Math.round(earlierSeconds)))
    const points = formatter.number(Math.round(chanceGain * 1000) / 10)
    return formatter.say({ key: 'views.night.help.gain', values: { earlier, points } })
  })
  const width = Math.max(...gains.map(columns))
  return [
    [span(formatter.say({ key: 'views.night.help', values: { percentile } }))],
    ...telling.map(({ change }, index): Line => {
      const said = formatter.say(changeOf(change, night, formatter))
      return [span(`  ${padStart(gains[index] ?? '', width)}`, 'active'), span(`  ${said}`)]
    }),
  ]
}

export function changeOf(change: Change, { runbook }: PlannedNight, formatter: Formatter): Text {
  if (change.what !== 'work') {
    const { what, ...values } = change
    return { key: helpKeys[what], values }
  }
  const { step: id, percent, bytes } = change
  const title = runbook.steps.find(step => step.id === id)?.title ?? id
  return bytes === undefined
    ? { key: 'views.night.help.work', values: { percent, title } }
    : { key: 'views.night.help.sending', values: { sent: formatter.bytes(bytes), title } }
}

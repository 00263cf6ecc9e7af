import type { NightForecast } from '../forecast/night-forecast.ts'
import type { MessageKey } from '../model/text.ts'
import { type Block, type Cell, cell, code, type Document, type Section } from './document.ts'
import type { Formatter } from './formatter.ts'
import { stepsChart, windowChart } from './night-chart.ts'
import { chanceCurve, chanceText, helpsChart, spareOf } from './night-figures.ts'
import { atSeconds, type PlannedNight, plannedRows } from './planned-night.ts'
import { cellsOf, countsOf, factsOf, markOf } from './planned-night-lines.ts'

/** `place`: a line of the plan's file, or a component that the audit asked. In the reader's language. */
export type NightFinding = { level: 'warn' | 'block'; place: string; text: string; remedy?: string }

/** The planned night as a page: whether it fits first, then the charts, then what a table says better. */
export function nightDocument(
  night: PlannedNight,
  findings: readonly NightFinding[],
  formatter: Formatter,
): Document {
  const { plan, forecast, windowStart, windowEnd } = night
  const say = (key: MessageKey) => formatter.say({ key })
  const window = { start: formatter.moment(windowStart), end: formatter.minute(windowEnd) }
  return {
    language: formatter.language,
    title: plan.title,
    subtitle: formatter.say({ key: 'views.nightPage.subtitle', values: window }),
    verdict: verdictOf(night, findings, formatter),
    sections: [
      ...(forecast === undefined ? [] : forecastSections(night, forecast, findings, formatter)),
      ...(findings.length === 0 ? [] : [findingsSection(findings, formatter)]),
      {
        id: 'steps',
        title: say('views.nightPage.table'),
        blocks: [stepsTable(night, formatter)],
      },
    ],
    footer: formatter.say({ key: 'views.nightPage.footer', values: { zone: formatter.zone } }),
  }
}

function verdictOf(
  { forecast, known }: PlannedNight,
  findings: readonly NightFinding[],
  formatter: Formatter,
): Cell {
  const count = findings.filter(({ level }) => level === 'block').length
  if (forecast === undefined) {
    const components = known.unknown.join(', ')
    return cell(formatter.say({ key: 'views.nightPage.unknown', values: { components } }), 'bad')
  }
  const values = { chance: chanceText(forecast, formatter), percentile: forecast.percentile, count }
  if (!forecast.fits) return cell(formatter.say({ key: 'views.nightPage.tooShort', values }), 'bad')
  return count > 0
    ? cell(formatter.say({ key: 'views.nightPage.blocked', values }), 'bad')
    : cell(formatter.say({ key: 'views.nightPage.fits', values }), 'good')
}

function forecastSections(
  night: PlannedNight,
  forecast: NightForecast,
  findings: readonly NightFinding[],
  formatter: Formatter,
): Section[] {
  const say = (key: MessageKey) => formatter.say({ key })
  const curve = chanceCurve(night, forecast, formatter)
  const helps = helpsChart(night, forecast, formatter)
  return [
    {
      id: 'glance',
      title: say('views.nightPage.glance'),
      blocks: [
        { type: 'facts', rows: glanceRows(night, forecast, findings, formatter) },
        { type: 'night', chart: windowChart(night, forecast, formatter) },
      ],
    },
    {
      id: 'chart',
      title: say('views.nightPage.steps'),
      blocks: [{ type: 'night', chart: stepsChart(night, forecast, formatter) }],
    },
    {
      id: 'chance',
      title: curve.title,
      blocks: [
        { type: 'paragraph', text: curve.description },
        { type: 'curve', curve },
      ],
    },
    ...(helps.rows.length === 0
      ? []
      : [
          {
            ...{ id: 'helps', title: helps.title },
            blocks: [
              { type: 'paragraph' as const, text: say('views.nightPage.helps.each') },
              { type: 'helps' as const, helps },
            ],
          },
        ]),
  ]
}

function glanceRows(
  night: PlannedNight,
  forecast: NightForecast,
  findings: readonly NightFinding[],
  formatter: Formatter,
): { label: string; value: Cell }[] {
  const { finish, limits, tasks, fits, peopleSeconds, machineSeconds } = forecast
  const clock = (seconds: number): string => formatter.minute(atSeconds(night, seconds))
  const said = (label: MessageKey, key: MessageKey, values: Record<string, string | number>) => ({
    label: formatter.say({ key: label }),
    value: cell(formatter.say({ key, values })),
  })
  const reopening = tasks.find(({ id }) => id === 'reopen')
  const { reopeningSeconds } = limits
  const counts = {
    block: findings.filter(({ level }) => level === 'block').length,
    warn: findings.filter(({ level }) => level === 'warn').length,
  }
  return [
    {
      label: formatter.say({ key: 'views.nightPage.spare.label' }),
      value: cell(formatter.say(spareOf(night, forecast, formatter)), fits ? 'good' : 'bad'),
    },
    said('views.nightPage.finish.label', 'views.nightPage.finish', {
      ...{ p50: clock(finish.p50), p95: clock(finish.p95), limit: clock(limits.finishSeconds) },
    }),
    ...(reopening === undefined || reopeningSeconds === undefined
      ? []
      : [
          said('views.nightPage.users', 'views.nightPage.finish', {
            ...{ p50: clock(reopening.end.p50), p95: clock(reopening.end.p95) },
            limit: clock(reopeningSeconds),
          }),
          said('views.nightPage.rollback.label', 'views.nightPage.rollback', {
            rollback: formatter.duration(Math.round(reopening.rollback.p95)),
            limit: clock(reopeningSeconds),
          }),
        ]),
    said('views.nightPage.waits.label', 'views.nightPage.waits', {
      people: formatter.duration(Math.round(peopleSeconds)),
      machine: formatter.duration(Math.round(machineSeconds)),
    }),
    said('views.nightPage.basis.label', 'views.nightPage.basis', countsOf(night)),
    {
      label: formatter.say({ key: 'views.nightPage.findings' }),
      value: cell(
        formatter.say({ key: 'views.nightPage.findings.counts', values: counts }),
        counts.block > 0 ? 'bad' : undefined,
      ),
    },
    {
      label: formatter.say({ key: 'views.nightPage.facts' }),
      value: cell(formatter.say(factsOf(night, formatter))),
    },
  ]
}

function findingsSection(findings: readonly NightFinding[], formatter: Formatter): Section {
  const title = formatter.say({ key: 'views.nightPage.findings' })
  return {
    id: 'findings',
    title,
    blocks: [
      {
        ...{ type: 'table', caption: title, stacked: 'labelled', figures: [] },
        columns: (
          [
            'views.nightPage.column.finding',
            'views.nightPage.column.place',
            'views.nightPage.column.remedy',
          ] as const
        ).map(key => formatter.say({ key })),
        rows: findings
          .toSorted((one, other) => Number(other.level === 'block') - Number(one.level === 'block'))
          .map(({ level, place, text, remedy = '' }) => [
            cell(`${level === 'block' ? '✖' : '!'} ${text}`, level === 'block' ? 'bad' : 'warn'),
            code(place),
            cell(remedy),
          ]),
      },
    ],
  }
}

function stepsTable(night: PlannedNight, formatter: Formatter): Block {
  const say = (key: MessageKey) => formatter.say({ key })
  const cells = night.forecast === undefined ? [] : cellsOf(night, formatter)
  return {
    ...{ type: 'table', caption: say('views.nightPage.table'), stacked: 'labelled' },
    columns: [
      ...[say('views.nightPage.column.what'), say('views.nightPage.column.who')],
      ...cells.map(({ head }) => say(head)),
    ],
    figures: cells.map((_, index) => index + 2),
    rows: plannedRows(night).map(row => [
      cell(`${formatter.say(row.title)}${markOf(row, formatter)}`),
      cell(row.owner ?? ''),
      ...cells.map(({ of }) => cell(of(row))),
    ]),
  }
}

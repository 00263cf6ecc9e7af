import { notCompared } from '../model/fact.ts'
import type { MessageKey } from '../model/text.ts'
import { authorText } from './author.ts'
import { type Block, type Cell, cell, code, type Section, type Tone } from './document.ts'
import { figuresText } from './figures.ts'
import type { Formatter } from './formatter.ts'
import { type CheckRow, checkFigure, checkSymbols, signoffSymbols } from './gates.ts'
import { clockSpan, lateness } from './lines.ts'
import type { Report } from './report.ts'
import { isComplete, type StepRow, symbols } from './rows.ts'
import type { RunView } from './run-view.ts'
import { named } from './waiting.ts'
import { checkKeys, signoffKeys, stepKeys } from './words.ts'

const span = (from: string | undefined, to: string | undefined, formatter: Formatter): string =>
  from && to ? `${formatter.clock(from)} → ${formatter.clock(to)}` : from ? `${formatter.clock(from)} →` : ''

export function timelineTable(report: Report, formatter: Formatter): Block {
  const say = (key: MessageKey) => formatter.say({ key })
  return {
    type: 'table',
    caption: say('views.report.timeline'),
    columns: (
      [
        'views.report.state',
        'views.report.step',
        'views.report.plannedTimes',
        'views.report.actualTimes',
        'views.report.planned',
        'views.report.actual',
        'views.report.late',
      ] as const
    ).map(say),
    figures: [2, 3, 4, 5, 6],
    rows: report.steps.map(step => [
      cell(`${symbols[step.state]} ${say(stepKeys[step.state])}`, stepTone(step)),
      cell(formatter.say(step.title)),
      cell(span(step.plannedStart, step.plannedEnd, formatter)),
      cell(span(step.startedAt, step.endedAt, formatter)),
      cell(clockSpan(step.plannedSeconds)),
      cell(step.actualSeconds === undefined ? '' : clockSpan(step.actualSeconds)),
      cell(step.endedAt ? lateness(step.lateSeconds) : ''),
    ]),
  }
}

function stepTone(step: StepRow): Tone {
  if (step.state === 'failed' || step.state === 'undo-failed') return 'bad'
  return isComplete(step.state) && step.state !== 'skipped' ? 'good' : 'warn'
}

export function checksSection(report: Report, runView: RunView, formatter: Formatter): Section | undefined {
  const checks = report.gates.flatMap(gate => gate.checks)
  if (checks.length === 0) return undefined
  const say = (key: MessageKey) => formatter.say({ key })
  const tones: Record<string, Tone> = { passed: 'good', failed: 'bad' }
  return {
    id: 'checks',
    title: say('views.report.checks'),
    blocks: [
      {
        type: 'table',
        caption: say('views.report.checks'),
        columns: (
          [
            'views.report.state',
            'views.report.check',
            'views.report.gate',
            'views.report.measured',
            'views.report.figures',
            'views.report.at',
          ] as const
        ).map(say),
        figures: [5],
        rows: checks.map(check => [
          cell(`${checkSymbols[check.state]} ${say(checkKeys[check.state])}`, tones[check.state] ?? 'warn'),
          cell(`${check.id} · ${formatter.say(check.title)}`),
          cell(check.gate),
          cell(check.failure ? formatter.say(check.failure) : checkFigure(check, formatter)),
          cell(measuredText(check, runView, formatter)),
          cell(check.at ? formatter.clock(check.at) : ''),
        ]),
      },
    ],
  }
}

function measuredText(check: CheckRow, { runbook }: RunView, formatter: Formatter): string {
  const details = (check.detail ?? []).map(text => formatter.say(text))
  return [...figuresText(check.figures ?? {}, runbook.figures?.[check.kind], formatter), ...details].join(
    ' · ',
  )
}

export function signoffsSection(report: Report, runView: RunView, formatter: Formatter): Section | undefined {
  const say = (key: MessageKey) => formatter.say({ key })
  const rows = report.gates.flatMap(gate =>
    gate.signoffs.map((signoff): Cell[] => {
      const tones = { go: 'good', 'no-go': 'bad', awaited: 'warn', 'not-given': 'warn' } as const
      const { state } = signoff
      return [
        cell(`${signoffSymbols[state]} ${say(signoffKeys[state])}`, tones[state]),
        cell(gate.id),
        cell(named(signoff.role, runView)),
        cell(signoff.by ?? ''),
        cell(signoff.at ? formatter.clock(signoff.at) : ''),
        cell(signoff.note ?? ''),
      ]
    }),
  )
  if (rows.length === 0) return undefined
  const columns = (
    [
      'views.report.decision',
      'views.report.gate',
      'views.report.role',
      'views.report.by',
      'views.report.at',
      'views.report.note',
    ] as const
  ).map(say)
  const caption = say('views.report.signoffs')
  return { id: 'signoffs', title: caption, blocks: [{ type: 'table', caption, columns, figures: [4], rows }] }
}

export function ordersSection(report: Report, formatter: Formatter): Section | undefined {
  if (report.orders.length === 0) return undefined
  const say = (key: MessageKey) => formatter.say({ key })
  const caption = say('views.report.orders')
  const rows = report.orders.map(({ at, by, order, note, refused }) => [
    cell(formatter.clock(at)),
    cell(by),
    code(order),
    cell(note ?? ''),
    refused === undefined
      ? cell(`✔ ${say('views.report.accepted')}`, 'good')
      : cell(`✖ ${formatter.say({ key: 'views.report.refused', values: { why: refused } })}`, 'bad'),
  ])
  const columns = (
    [
      'views.report.at',
      'views.report.by',
      'views.report.order',
      'views.report.note',
      'views.report.answer',
    ] as const
  ).map(say)
  const isSigned = report.signatures === 'required'
  const signatures = say(isSigned ? 'views.report.signed' : 'views.declared')
  const table: Block = { type: 'table', caption, columns, figures: [0], rows }
  const author = report.author ? ` ${formatter.say(authorText(report.author))}` : ''
  return {
    id: 'orders',
    title: caption,
    blocks: [{ type: 'paragraph', text: `${signatures}${author}` }, table],
  }
}

/** As the kinds told it in the last audit: what the report proves nothing of. */
export function notComparedSection(report: Report, formatter: Formatter): Section | undefined {
  const told = report.findings.filter(({ id }) => id.endsWith(`.${notCompared}`))
  if (told.length === 0) return undefined
  const rows = told.map(({ component, text }) => ({ label: component, value: cell(formatter.say(text)) }))
  const title = formatter.say({ key: 'views.report.notCompared' })
  return { id: 'not-compared', title, blocks: [{ type: 'facts', rows }] }
}

/** What steps measured of their own work: bytes sent, positions, counts. */
export function resultsSection(report: Report, runView: RunView, formatter: Formatter): Section | undefined {
  const say = (key: MessageKey) => formatter.say({ key })
  const titles = new Map(runView.runbook.steps.map(step => [step.id, formatter.say(step.title)]))
  const kinds = new Map(runView.runbook.steps.map(step => [step.id, step.kind]))
  const rows = Object.entries(report.results).flatMap(([id, result]) => {
    const forms = runView.runbook.figures?.[kinds.get(id) ?? '']
    const figures = figuresText(result, forms, formatter)
    return figures.length === 0 ? [] : [[cell(titles.get(id) ?? id), cell(figures.join(' · '))]]
  })
  if (rows.length === 0) return undefined
  const caption = say('views.report.results')
  const columns = (['views.report.step', 'views.report.figures'] as const).map(say)
  return { id: 'results', title: caption, blocks: [{ type: 'table', caption, columns, figures: [], rows }] }
}

import type { Json } from '../model/json.ts'
import { type Block, type Cell, cell, code, type Section, type Tone } from './document.ts'
import { checkFigure, checkSymbols } from './gates.ts'
import { clockSpan, lateness } from './lines.ts'
import type { Picture } from './picture.ts'
import type { Report } from './report.ts'
import { isBehind, type StepRow, symbols } from './rows.ts'
import type { Voice } from './voice.ts'
import { named } from './waiting.ts'

const span = (from: string | undefined, to: string | undefined, voice: Voice): string =>
  from && to ? `${voice.clock(from)} → ${voice.clock(to)}` : from ? `${voice.clock(from)} →` : ''

export function timelineTable(report: Report, voice: Voice): Block {
  const say = (key: string) => voice.say({ key })
  return {
    type: 'table',
    caption: say('views.report.timeline'),
    columns: ['state', 'step', 'plannedTimes', 'actualTimes', 'planned', 'actual', 'late'].map(name =>
      say(`views.report.${name}`),
    ),
    figures: [2, 3, 4, 5, 6],
    rows: report.steps.map(step => [
      cell(`${symbols[step.state]} ${say(`views.step.${step.state}`)}`, stepTone(step)),
      cell(voice.say(step.title)),
      cell(span(step.plannedStart, step.plannedEnd, voice)),
      cell(span(step.startedAt, step.endedAt, voice)),
      cell(clockSpan(step.plannedSeconds)),
      cell(step.actualSeconds === undefined ? '' : clockSpan(step.actualSeconds)),
      cell(step.endedAt ? lateness(step.lateSeconds) : ''),
    ]),
  }
}

function stepTone(step: StepRow): Tone {
  if (step.state === 'failed' || step.state === 'undo-failed') return 'bad'
  return isBehind(step.state) && step.state !== 'skipped' ? 'good' : 'warn'
}

export function checksSection(report: Report, voice: Voice): Section | undefined {
  const checks = report.gates.flatMap(gate => gate.checks)
  if (checks.length === 0) return undefined
  const say = (key: string) => voice.say({ key })
  const tones: Record<string, Tone> = { passed: 'good', failed: 'bad' }
  return {
    id: 'checks',
    title: say('views.report.checks'),
    blocks: [
      {
        type: 'table',
        caption: say('views.report.checks'),
        columns: ['state', 'check', 'gate', 'measured', 'figures', 'at'].map(name =>
          say(`views.report.${name}`),
        ),
        figures: [5],
        rows: checks.map(check => [
          cell(
            `${checkSymbols[check.state]} ${say(`views.check.${check.state}`)}`,
            tones[check.state] ?? 'warn',
          ),
          cell(`${check.id} · ${voice.say(check.title)}`),
          cell(check.gate),
          cell(check.failure ? voice.say(check.failure) : checkFigure(check, voice)),
          cell([figuresText(check.figures ?? {}, voice), check.detail].filter(Boolean).join(' · ')),
          cell(check.at ? voice.clock(check.at) : ''),
        ]),
      },
    ],
  }
}

export function signoffsSection(report: Report, picture: Picture, voice: Voice): Section | undefined {
  const say = (key: string) => voice.say({ key })
  const rows = report.gates.flatMap(gate =>
    gate.signoffs.map((signoff): Cell[] => {
      const decision = signoff.decision ?? 'none'
      const mark = { go: '✔', 'no-go': '✖', none: '○' }[decision]
      const tone = ({ go: 'good', 'no-go': 'bad', none: 'warn' } as const)[decision]
      return [
        cell(`${mark} ${say(`views.signoff.${decision}`)}`, tone),
        cell(gate.id),
        cell(named(signoff.role, picture)),
        cell(signoff.by ?? ''),
        cell(signoff.at ? voice.clock(signoff.at) : ''),
        cell(signoff.note ?? ''),
      ]
    }),
  )
  if (rows.length === 0) return undefined
  const columns = ['decision', 'gate', 'role', 'by', 'at', 'note'].map(name => say(`views.report.${name}`))
  const caption = say('views.report.signoffs')
  return { id: 'signoffs', title: caption, blocks: [{ type: 'table', caption, columns, figures: [4], rows }] }
}

export function ordersSection(report: Report, voice: Voice): Section | undefined {
  if (report.orders.length === 0) return undefined
  const say = (key: string) => voice.say({ key })
  const caption = say('views.report.orders')
  const rows = report.orders.map(({ at, by, order, note, refused }) => [
    cell(voice.clock(at)),
    cell(by),
    code(order),
    cell(note ?? ''),
    refused === undefined
      ? cell(`✔ ${say('views.report.accepted')}`, 'good')
      : cell(`✖ ${voice.say({ key: 'views.report.refused', values: { why: refused } })}`, 'bad'),
  ])
  const columns = ['at', 'by', 'order', 'note', 'answer'].map(name => say(`views.report.${name}`))
  return { id: 'orders', title: caption, blocks: [{ type: 'table', caption, columns, figures: [0], rows }] }
}

/** What steps measured of their own work: bytes sent, positions, counts. */
export function resultsSection(report: Report, picture: Picture, voice: Voice): Section | undefined {
  const say = (key: string) => voice.say({ key })
  const titles = new Map(picture.runbook.steps.map(step => [step.id, voice.say(step.title)]))
  const rows = Object.entries(report.results).flatMap(([id, result]) => {
    const figures = figuresText(result, voice)
    return figures === '' ? [] : [[cell(titles.get(id) ?? id), cell(figures)]]
  })
  if (rows.length === 0) return undefined
  const caption = say('views.report.results')
  const columns = ['step', 'figures'].map(name => say(`views.report.${name}`))
  return { id: 'results', title: caption, blocks: [{ type: 'table', caption, columns, figures: [], rows }] }
}

/** Figures as `name value`, the unit read from the name; nested ones are left to the JSON form. */
export function figuresText(figures: Record<string, Json>, voice: Voice): string {
  return Object.entries(figures)
    .flatMap(([name, value]) => {
      if (typeof value === 'string') return [`${name} ${isInstant.test(value) ? voice.moment(value) : value}`]
      if (typeof value === 'boolean') return [`${name} ${value}`]
      return typeof value === 'number' ? [`${name} ${withUnit(name, value, voice)}`] : []
    })
    .join(', ')
}

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function withUnit(name: string, value: number, voice: Voice): string {
  if (/bytes/i.test(name)) return voice.bytes(value)
  if (/milliseconds$/i.test(name)) return `${voice.number(value)} ms`
  if (/seconds$/i.test(name)) return `${voice.number(value)} s`
  return voice.number(value)
}

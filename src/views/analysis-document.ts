import type { MessageKey } from '../model/text.ts'
import type { Analysis, StepTime } from './analysis.ts'
import { type Block, type Cell, cell, type Document, type Section, type Tone } from './document.ts'
import type { Formatter } from './formatter.ts'
import { clockSpan, lateness } from './lines.ts'
import type { RunView } from './run-view.ts'
import { modeKeys, stageKeys, triggerKeys } from './words.ts'

/** A document is read in one sitting: the steps that cost most. All of them are in the JSON. */
const stepsShown = 10
/** A step over by less is the noise of a machine. */
const worthSayingSeconds = 1

/** The analysis as a document: what it would come to now, the cause, then where the time went. */
export function analysisDocument(view: Analysis, { plan, now }: RunView, formatter: Formatter): Document {
  const say = (key: MessageKey) => formatter.say({ key })
  const fits = view.again.freeSeconds >= 0
  return {
    language: formatter.language,
    title: formatter.say({ key: 'views.analysis.title', values: { title: plan.title } }),
    subtitle: [say(modeKeys[view.mode]), formatter.moment(view.startedAt)].join(' · '),
    verdict: cell(
      view.mode === 'live'
        ? say(fits ? 'views.analysis.fits' : 'views.analysis.fitsNot')
        : say('views.analysis.noWindow'),
      view.mode === 'live' ? (fits ? 'good' : 'bad') : 'warn',
    ),
    sections: [
      againSection(view, formatter),
      causeSection(view, formatter),
      stagesSection(view, formatter),
      stepsSection('views.analysis.steps', view.steps, formatter),
      gatesSection(view, formatter),
      rollbackSection(view, formatter),
      windowsSection(view, formatter),
    ].filter(section => section !== undefined),
    footer: formatter.say({
      key: 'views.report.footer',
      values: { zone: formatter.zone, at: formatter.moment(now) },
    }),
  }
}

function againSection({ again, mode }: Analysis, formatter: Formatter): Section {
  const { seconds, measured, steps, windowSeconds, reserveSeconds, freeSeconds } = again
  const rows = [
    row('views.analysis.again', formatter.duration(seconds), formatter),
    row(
      'views.analysis.basis',
      formatter.say({ key: 'views.analysis.basisText', values: { measured, steps } }),
      formatter,
    ),
  ]
  if (mode === 'live') {
    rows.push(row('views.analysis.window', formatter.duration(windowSeconds), formatter))
    rows.push(row('views.analysis.reserve', formatter.duration(reserveSeconds), formatter))
    const key = freeSeconds < 0 ? 'views.analysis.missing' : 'views.analysis.free'
    const tone = freeSeconds < 0 ? 'bad' : 'good'
    rows.push(row(key, formatter.duration(Math.abs(freeSeconds)), formatter, tone))
  }
  return section('again', 'views.analysis.againTitle', [{ type: 'facts', rows }], formatter)
}

const row = (key: MessageKey, text: string, formatter: Formatter, tone?: Tone) => ({
  label: formatter.say({ key }),
  value: cell(text, tone),
})

const section = (id: string, key: MessageKey, blocks: Block[], formatter: Formatter): Section => ({
  id,
  title: formatter.say({ key }),
  blocks,
})

function causeSection({ cause }: Analysis, formatter: Formatter): Section | undefined {
  if (cause === undefined) return undefined
  const rows = [
    row('views.analysis.undoneAt', formatter.moment(cause.at), formatter),
    row('views.analysis.trigger', formatter.say({ key: triggerKeys[cause.trigger] }), formatter),
    row('views.analysis.why', formatter.say(cause.why), formatter),
  ]
  if (cause.first) {
    const values = { step: formatter.say(cause.first.title), why: formatter.say(cause.first.why) }
    rows.push(
      row('views.analysis.first', formatter.say({ key: 'views.analysis.firstText', values }), formatter),
    )
  }
  return section('cause', 'views.analysis.cause', [{ type: 'facts', rows }], formatter)
}

function stagesSection({ stages }: Analysis, formatter: Formatter): Section {
  const columns = ['views.analysis.stage', 'views.analysis.begun', ...timeColumns] as const
  const rows = stages.map(({ id, steps, begun, forecastSeconds, actualSeconds }) => [
    cell(formatter.say({ key: stageKeys[id] })),
    cell(`${begun}/${steps}`),
    ...times(forecastSeconds, actualSeconds),
  ])
  const block = table('views.analysis.stages', columns, [1, 2, 3, 4], rows, formatter)
  return section('stages', 'views.analysis.stages', [block], formatter)
}

const timeColumns = ['views.analysis.forecast', 'views.analysis.actual', 'views.analysis.late'] as const

function times(forecastSeconds: number, actualSeconds: number | undefined): Cell[] {
  if (actualSeconds === undefined) return [cell(clockSpan(forecastSeconds)), cell(''), cell('')]
  return [
    cell(clockSpan(forecastSeconds)),
    cell(clockSpan(actualSeconds)),
    cell(lateness(actualSeconds - forecastSeconds)),
  ]
}

function table(
  caption: MessageKey,
  columns: readonly MessageKey[],
  figures: number[],
  rows: Cell[][],
  formatter: Formatter,
): Block {
  const say = (key: MessageKey) => formatter.say({ key })
  return { type: 'table', caption: say(caption), columns: columns.map(say), figures, rows }
}

function stepsSection(
  key: MessageKey,
  steps: readonly StepTime[],
  formatter: Formatter,
): Section | undefined {
  const block = stepsTable(key, steps, formatter)
  return block && section('steps', key, [block], formatter)
}

function stepsTable(key: MessageKey, steps: readonly StepTime[], formatter: Formatter): Block | undefined {
  const over = steps.filter(step => step.actualSeconds - step.forecastSeconds >= worthSayingSeconds)
  if (over.length === 0) return undefined
  const columns = ['views.analysis.step', 'views.analysis.attempts', ...timeColumns] as const
  const rows = over
    .slice(0, stepsShown)
    .map(({ title, attempts, forecastSeconds, actualSeconds }) => [
      cell(formatter.say(title)),
      cell(String(attempts)),
      ...times(forecastSeconds, actualSeconds),
    ])
  return table(key, columns, [1, 2, 3, 4], rows, formatter)
}

function gatesSection({ gates }: Analysis, formatter: Formatter): Section | undefined {
  if (gates.length === 0) return undefined
  const columns = ['views.analysis.gate', 'views.analysis.checks', 'views.analysis.people'] as const
  const rows = gates.map(({ title, checksSeconds, peopleSeconds }) => [
    cell(formatter.say(title)),
    cell(clockSpan(checksSeconds)),
    cell(peopleSeconds === undefined ? '' : clockSpan(peopleSeconds)),
  ])
  const block = table('views.analysis.gates', columns, [1, 2], rows, formatter)
  return section('gates', 'views.analysis.gates', [block], formatter)
}

function rollbackSection({ rollback }: Analysis, formatter: Formatter): Section | undefined {
  if (rollback === undefined) return undefined
  const { forecastSeconds, actualSeconds, steps } = rollback
  const rows = [
    row('views.analysis.rollbackForecast', formatter.duration(forecastSeconds), formatter),
    ...(actualSeconds === undefined
      ? []
      : [row('views.analysis.rollbackActual', formatter.duration(actualSeconds), formatter)]),
  ]
  const slow = stepsTable('views.analysis.undos', steps, formatter)
  return section(
    'rollback',
    'views.analysis.rollback',
    [{ type: 'facts', rows }, ...(slow ? [slow] : [])],
    formatter,
  )
}

function windowsSection({ windows }: Analysis, formatter: Formatter): Section | undefined {
  if (windows.length === 0) return undefined
  const items = windows.map(({ start, inDays, preparation }) => {
    const values = { at: formatter.moment(start), days: inDays }
    const key = preparation === 'whole' ? 'views.analysis.windowWhole' : 'views.analysis.windowBegun'
    return cell(formatter.say({ key, values }))
  })
  return section('windows', 'views.analysis.windows', [{ type: 'list', items }], formatter)
}

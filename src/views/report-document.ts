import type { EvidenceForm } from '../model/kind.ts'
import type { MessageKey } from '../model/text.ts'
import { cell, code, type Document, type Section, type Tone } from './document.ts'
import type { Formatter } from './formatter.ts'
import { ganttOf } from './gantt.ts'
import { givenUpText } from './given-up.ts'
import { clockSpan } from './lines.ts'
import type { Report } from './report.ts'
import {
  checksSection,
  notComparedSection,
  ordersSection,
  resultsSection,
  signoffsSection,
  timelineTable,
} from './report-tables.ts'
import type { RunView } from './run-view.ts'
import { transfersSection } from './transfers-section.ts'
import { modeKeys, stateKeys, triggerKeys, wouldLoseKeys } from './words.ts'

/** The report as a document: what happened first, then what proves it. `forms`: how the kinds word what was counted. */
export function reportDocument(
  report: Report,
  runView: RunView,
  formatter: Formatter,
  forms: Record<string, EvidenceForm> = {},
): Document {
  const say = (key: MessageKey, values?: Record<string, string | number>) =>
    formatter.say(values === undefined ? { key } : { key, values })
  const sections = [
    summary(report, formatter, forms),
    cut(report, formatter),
    {
      id: 'timeline',
      title: say('views.report.timeline'),
      blocks: [
        { type: 'gantt' as const, gantt: ganttOf(report, runView, formatter) },
        timelineTable(report, formatter),
      ],
    },
    checksSection(report, runView, formatter),
    notComparedSection(report, formatter),
    signoffsSection(report, runView, formatter),
    ordersSection(report, formatter),
    differences(report, formatter),
    rollback(report, formatter),
    transfersSection(report.transfers, runView, formatter),
    resultsSection(report, runView, formatter),
    seal(report, formatter),
  ].filter(section => section !== undefined)
  return {
    language: formatter.language,
    title: report.title,
    subtitle: [say(modeKeys[report.mode]), report.run ? formatter.moment(report.run.startedAt) : '']
      .filter(Boolean)
      .join(' · '),
    verdict: cell(say(stateKeys[report.outcome]), outcomeTone(report.outcome)),
    sections,
    footer: say('views.report.footer', { zone: formatter.zone, at: formatter.moment(runView.now) }),
  }
}

function outcomeTone(outcome: Report['outcome']): Tone {
  if (['moved', 'rehearsed', 'prepared', 'closed'].includes(outcome)) return 'good'
  return outcome === 'failed' || outcome === 'rollback-failed' ? 'bad' : 'warn'
}

function summary(report: Report, formatter: Formatter, forms: Record<string, EvidenceForm>): Section {
  const say = (key: MessageKey) => formatter.say({ key })
  const { run, window } = report
  const rows = [
    {
      label: say('views.report.outcome'),
      value: cell(say(stateKeys[report.outcome]), outcomeTone(report.outcome)),
    },
  ]
  if (run) {
    rows.push({ label: say('views.report.run'), value: code(run.id) })
    rows.push({ label: say('views.report.startedBy'), value: cell(run.startedBy) })
    rows.push({ label: say('views.report.started'), value: cell(formatter.moment(run.startedAt)) })
    if (run.finishedAt)
      rows.push({ label: say('views.report.finished'), value: cell(formatter.moment(run.finishedAt)) })
  }
  if (report.durationSeconds !== undefined)
    rows.push({
      label: say('views.report.duration'),
      value: cell(formatter.duration(report.durationSeconds)),
    })
  if (report.mode === 'live')
    rows.push({
      label: say('views.report.window'),
      value: cell(`${formatter.moment(window.start)} → ${formatter.clock(window.end)}`),
    })
  const { ledger } = report.evidence
  if (ledger) {
    const text = formatter.say({ key: 'views.report.ledgerFigures', values: spoken(ledger, formatter) })
    rows.push({
      label: say('views.report.ledger'),
      value: cell(text, ledger.lost + ledger.duplicated > 0 ? 'bad' : 'good'),
    })
  }
  for (const [field, figures] of Object.entries(report.evidence.counted ?? {})) {
    const form = forms[field]
    if (form === undefined) continue
    const text = formatter.say({ key: form.sentence, values: spoken(figures, formatter) })
    const isGood = form.isGood(figures, report.outcome === 'moved')
    rows.push({ label: formatter.say(form.label), value: cell(text, isGood ? 'good' : 'bad') })
  }
  return { id: 'summary', title: say('views.report.summary'), blocks: [{ type: 'facts', rows }] }
}

function spoken(figures: Record<string, number>, formatter: Formatter): Record<string, string> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, formatter.number(value)]))
}

function cut(report: Report, formatter: Formatter): Section | undefined {
  const services = Object.entries(report.evidence.cut ?? {})
  if (services.length === 0) return undefined
  const say = (key: MessageKey) => formatter.say({ key })
  const clock = (at: string | undefined) => cell(at ? formatter.clock(at) : '')
  return {
    id: 'cut',
    title: say('views.report.cut'),
    blocks: [
      { type: 'paragraph', text: say('views.report.cutMeaning') },
      {
        type: 'table',
        caption: say('views.report.cut'),
        columns: (
          [
            'views.report.service',
            'views.report.lastAtSource',
            'views.report.firstAtTarget',
            'views.report.cutLength',
          ] as const
        ).map(say),
        figures: [1, 2, 3],
        rows: services.map(([service, { seconds, lastAtSource, firstAtTarget }]) => [
          cell(service),
          clock(lastAtSource),
          clock(firstAtTarget),
          cell(clockSpan(seconds)),
        ]),
      },
    ],
  }
}

function differences(report: Report, formatter: Formatter): Section {
  const say = (key: MessageKey) => formatter.say({ key })
  const items = report.deviations.map(({ text }) => cell(text))
  return {
    id: 'differences',
    title: say('views.report.differences'),
    blocks:
      items.length > 0
        ? [{ type: 'list', items }]
        : [{ type: 'paragraph', text: say('views.report.noDifference'), tone: 'good' }],
  }
}

function rollback(report: Report, formatter: Formatter): Section | undefined {
  if (report.mode !== 'live' || !report.run) return undefined
  const say = (key: MessageKey) => formatter.say({ key })
  const isSafe = !['unproven', 'site-given-up', 'no-way-back'].includes(report.wouldLose)
  const tone: Tone = isSafe ? 'good' : 'bad'
  const loses = {
    label: say('views.report.wouldLose'),
    value: cell(say(wouldLoseKeys[report.wouldLose]), tone),
  }
  const came = report.rollback
  const rows = came
    ? [
        { label: say('views.report.trigger'), value: cell(say(triggerKeys[came.trigger]), 'warn') },
        { label: say('views.report.why'), value: cell(came.why) },
        { label: say('views.report.since'), value: cell(formatter.moment(came.at)) },
        loses,
        ...givenUpRows(report, formatter),
      ]
    : [
        { label: say('views.report.trigger'), value: cell(say('views.report.noRollback')) },
        loses,
        ...givenUpRows(report, formatter),
      ]
  return { id: 'rollback', title: say('views.report.rollback'), blocks: [{ type: 'facts', rows }] }
}

function givenUpRows({ givenUp }: Report, formatter: Formatter) {
  if (givenUp === undefined) return []
  const say = (key: MessageKey) => formatter.say({ key })
  const { isolated, silent, loses } = givenUp
  return [
    { label: say('views.report.givenUp'), value: cell(givenUpText(givenUp, formatter), 'bad') },
    ...(isolated === undefined ? [] : [{ label: say('views.report.isolated'), value: cell(isolated) }]),
    ...(silent.length === 0 ? [] : [{ label: say('views.report.silent'), value: cell(silent.join(', ')) }]),
    ...loses.flatMap(({ component, text }) =>
      text.map(one => ({
        label: formatter.say({ key: 'views.report.lostOf', values: { component } }),
        value: cell(one, 'bad'),
      })),
    ),
  ]
}

function seal(report: Report, formatter: Formatter): Section {
  const say = (key: MessageKey) => formatter.say({ key })
  const { entries, head, verified, sealed } = report.journal
  const rows = [
    { label: say('views.report.entries'), value: cell(formatter.number(entries)) },
    { label: say('views.report.head'), value: code(head) },
    {
      label: say('views.report.chain'),
      value: cell(
        say(verified ? 'views.report.chainWhole' : 'views.report.chainBroken'),
        verified ? 'good' : 'bad',
      ),
    },
    { label: say('views.report.sealed'), value: cell(sealedText(sealed, formatter)) },
  ]
  return { id: 'journal', title: say('views.report.journal'), blocks: [{ type: 'facts', rows }] }
}

function sealedText(sealed: Report['journal']['sealed'], formatter: Formatter): string {
  if (sealed === undefined) return formatter.say({ key: 'views.report.unsealed' })
  const values = { entries: sealed.entries, hosts: sealed.hosts.join(', ') }
  return formatter.say({ key: 'views.report.sealedAt', values })
}

import type { Entry, Event } from '../model/event.ts'
import type { MessageKey, Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { checkFigure, checkSymbols, gateRows } from './gates.ts'
import { clockSpan, type Line, type Style, span } from './lines.ts'
import { orderText } from './orders.ts'
import { type RowState, stepRows, symbols } from './rows.ts'
import type { RunView } from './run-view.ts'
import { checkKeys, modeKeys, stateKeys, stepKeys, triggerKeys } from './words.ts'

type EventText = { symbol: string; style?: Style; text: Text }

/** One journal entry as a line, e.g. `22:05:12 ✔ done: …, 0:04 (planned 0:05)`; nothing for what people need not see. */
export function eventLine(entry: Entry, runView: RunView, formatter: Formatter): Line | undefined {
  const told = tell(entry.event, runView, formatter)
  if (!told) return undefined
  return [
    span(`${formatter.clock(entry.at)} `, 'dim'),
    span(`${told.symbol} `, told.style),
    span(formatter.say(told.text), told.style === 'bad' ? 'bad' : undefined),
  ]
}

function tell(event: Event, runView: RunView, formatter: Formatter): EventText | undefined {
  switch (event.type) {
    case 'run.started':
      return said(
        '▶',
        'views.event.run.started',
        { mode: say(formatter, modeKeys[event.mode]), by: event.by },
        'strong',
      )
    case 'run.resumed':
      return said('▶', 'views.event.run.resumed', { by: event.by }, 'strong')
    case 'run.finished':
      return said(
        '■',
        'views.event.run.finished',
        { outcome: say(formatter, stateKeys[event.outcome]) },
        'strong',
      )
    case 'rollback.started':
      return said(
        '◀',
        'views.event.rollback',
        { trigger: say(formatter, triggerKeys[event.trigger]), why: formatter.say(event.why) },
        'bad',
      )
    case 'gate.reached':
    case 'gate.opened':
      return gateLine(event, runView, formatter)
    case 'check.done':
    case 'check.failed':
      return checkLine(event, runView, formatter)
    case 'order.received':
      return said('☞', 'views.event.order', { by: event.order.by, order: orderText(event.order.order) })
    case 'order.refused': {
      const { by, order } = event.order
      return said(
        '✖',
        'views.event.refused',
        { by, order: orderText(order), why: formatter.say(event.why) },
        'bad',
      )
    }
    case 'site.given-up': {
      const values = { site: runView.plan.sites[event.side].title, why: formatter.say(event.why) }
      return said('✖', 'views.event.site.given-up', values, 'bad')
    }
    case 'line.lost':
      return said(
        '⏸',
        'views.event.line.lost',
        { component: event.component, why: formatter.say(event.why) },
        'bad',
      )
    case 'line.back':
      return said('▶', 'views.event.line.back', { component: event.component }, 'good')
    case 'part.left-out':
      return said('−', 'views.event.leftOut', { ...event }, 'warn')
    case 'return-path.seen':
    case 'return-path.repair-started':
    case 'return-path.repaired':
    case 'return-path.repair-failed':
      return returnPathLine(event, formatter)
    case 'copy.lost':
      return said('!', 'views.event.copy.lost', { host: event.host, why: formatter.say(event.why) }, 'bad')
    case 'copy.back':
      return said('✔', 'views.event.copy.back', { host: event.host }, 'good')
    case 'journal.sealed': {
      const { hosts, missing = [], entries } = event
      const values = { hosts: hosts.join(', '), entries, missing: missing.map(({ host }) => host).join(', ') }
      return missing.length === 0
        ? said('·', 'views.event.journal.sealed', values)
        : said('!', 'views.event.journal.sealMissing', values, 'warn')
    }
    case 'journal.stamped':
      return said('·', 'views.event.journal.stamped', { entries: event.entries })
    case 'journal.not-stamped': {
      const values = { entries: event.entries, why: formatter.say(event.why) }
      return said('!', 'views.event.journal.not-stamped', values, 'warn')
    }
    case 'note':
      return { symbol: '·', text: event.text }
    case 'facts.recorded':
      return said('·', 'views.event.facts', { component: event.component })
    case 'clocks.compared': {
      const hosts = Object.keys(event.clocks).length
      return said('·', 'views.event.clocks', { hosts })
    }
    case 'findings.recorded':
      return said('·', 'views.event.findings', { count: event.findings.length })
    case 'site.asked': {
      const site = runView.plan.sites[event.side].title
      const hosts = event.silent.join(', ')
      return hosts === '' ? undefined : said('!', 'views.event.site.asked', { site, hosts }, 'warn')
    }
    case 'check.started':
    case 'journal.key':
    case 'plan.recorded':
    case 'preflight.ended':
    case 'runbook.recorded':
      return undefined
    default:
      return stepLine(event, runView, formatter)
  }
}

function returnPathLine(
  event: Extract<Event, { type: `return-path.${string}` }>,
  formatter: Formatter,
): EventText {
  const { component } = event
  switch (event.type) {
    case 'return-path.seen': {
      if (event.seen.state === 'good') return said('·', 'views.event.returnPath.good', { component })
      const isBehind = event.seen.state === 'behind'
      const why = event.seen.why === undefined ? '' : formatter.say(event.seen.why)
      const key = isBehind ? 'views.event.returnPath.behind' : 'views.event.returnPath.broken'
      return said('✖', key, { component, why }, 'bad')
    }
    case 'return-path.repair-started':
      return said('▶', 'views.event.returnPath.repairing', { component, attempt: event.attempt }, 'active')
    case 'return-path.repaired':
      return said('✔', 'views.event.returnPath.repaired', { component }, 'good')
    case 'return-path.repair-failed': {
      const why = formatter.say(event.failure.text)
      return said('✖', 'views.event.returnPath.failed', { component, why }, 'bad')
    }
  }
}

function said(
  symbol: string,
  key: MessageKey,
  values: Record<string, string | number>,
  style?: Style,
): EventText {
  return { symbol, text: { key, values }, ...(style ? { style } : {}) }
}

const say = (formatter: Formatter, key: MessageKey): string => formatter.say({ key })

function gateLine(
  event: Extract<Event, { type: 'gate.reached' | 'gate.opened' }>,
  runView: RunView,
  formatter: Formatter,
) {
  const gate = runView.runbook.gates.find(candidate => candidate.id === event.gate)
  const values = { gate: event.gate, title: gate ? formatter.say(gate.title) : event.gate }
  return event.type === 'gate.reached'
    ? said('◆', 'views.event.gate.reached', values)
    : said('✔', 'views.event.gate.opened', values, 'good')
}

function checkLine(
  event: Extract<Event, { type: 'check.done' | 'check.failed' }>,
  runView: RunView,
  formatter: Formatter,
): EventText | undefined {
  const row = gateRows(runView)
    .find(gate => gate.id === event.gate)
    ?.checks.find(check => check.id === event.check)
  if (!row) return undefined
  const isPaused = event.type === 'check.failed' && event.aborted === 'line-lost'
  const state = event.type === 'check.done' && event.passed ? 'passed' : isPaused ? 'interrupted' : 'failed'
  const measured = event.type === 'check.done' ? { ...row, value: event.value, unit: event.unit } : row
  const figure =
    event.type === 'check.failed' ? formatter.say(event.failure.text) : checkFigure(measured, formatter)
  const values = { check: event.check, state: say(formatter, checkKeys[state]), figure }
  return said(checkSymbols[state], 'views.event.check', values, tones[state])
}

const tones = { passed: 'good', failed: 'bad', interrupted: 'warn' } as const

type StepEvent = Extract<Event, { step: string }>

function stepLine(event: StepEvent, runView: RunView, formatter: Formatter): EventText | undefined {
  const row = stepRows(runView).find(candidate => candidate.id === event.step)
  if (!row) return undefined
  const state = stateAfter(event)
  const values = { state: say(formatter, stepKeys[state]), step: formatter.say(row.title) }
  if (event.type === 'step.failed' || event.type === 'undo.failed') {
    if (state === 'interrupted' || state === 'paused' || state === 'undo-interrupted')
      return said(symbols[state], 'views.event.step', values, 'warn')
    const why = formatter.say(event.failure.text)
    return said(symbols[state], 'views.event.failed', { ...values, attempt: event.attempt, why }, 'bad')
  }
  if (event.type === 'step.done' && row.actualSeconds !== undefined) {
    const times = { actual: clockSpan(row.actualSeconds), planned: clockSpan(row.plannedSeconds) }
    return said(symbols[state], 'views.event.stepTimed', { ...values, ...times }, 'good')
  }
  return said(symbols[state], 'views.event.step', values, event.type.endsWith('started') ? 'active' : 'warn')
}

const endings = {
  'by-itself': 'failed',
  deadline: 'failed',
  rollback: 'failed',
  stop: 'interrupted',
  'line-lost': 'paused',
  'site-given-up': 'interrupted',
} as const satisfies Record<string, RowState>

function stateAfter(event: StepEvent): RowState {
  switch (event.type) {
    case 'step.started':
      return 'running'
    case 'step.failed':
      return endings[event.aborted ?? 'by-itself']
    case 'step.done':
      return event.how === 'applied' ? 'done' : event.how
    case 'undo.started':
      return 'undoing'
    case 'undo.failed':
      return event.aborted === undefined || event.aborted === 'deadline' ? 'undo-failed' : 'undo-interrupted'
    case 'undo.done':
      if (event.how === 'site-given-up') return 'undo-passed-over'
      return event.how === 'skipped' && event.attempt === 0 ? 'kept' : 'undone'
  }
}

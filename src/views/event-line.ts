import type { Entry, Event } from '../model/event.ts'
import type { Text } from '../model/text.ts'
import { checkFigure, checkSymbols, gateRows } from './gates.ts'
import { clockSpan, type Line, type Style, span } from './lines.ts'
import { orderText } from './orders.ts'
import type { Picture } from './picture.ts'
import { type RowState, stepRows, symbols } from './rows.ts'
import type { Voice } from './voice.ts'

type Told = { symbol: string; style?: Style; text: Text }

/** One journal entry as a line, e.g. `22:05:12 ✔ done: …, 0:04 (planned 0:05)`; nothing for what people need not see. */
export function eventLine(entry: Entry, picture: Picture, voice: Voice): Line | undefined {
  const told = tell(entry.event, picture, voice)
  if (!told) return undefined
  return [
    span(`${voice.clock(entry.at)} `, 'dim'),
    span(`${told.symbol} `, told.style),
    span(voice.say(told.text), told.style === 'bad' ? 'bad' : undefined),
  ]
}

function tell(event: Event, picture: Picture, voice: Voice): Told | undefined {
  switch (event.type) {
    case 'run.started':
      return said(
        '▶',
        'run.started',
        { mode: say(voice, `views.mode.${event.mode}`), by: event.by },
        'strong',
      )
    case 'run.resumed':
      return said('▶', 'run.resumed', { by: event.by }, 'strong')
    case 'run.finished':
      return said('■', 'run.finished', { outcome: say(voice, `views.state.${event.outcome}`) }, 'strong')
    case 'rollback.started':
      return said('◀', 'rollback', { trigger: event.trigger, why: voice.say(event.why) }, 'bad')
    case 'gate.reached':
    case 'gate.opened':
      return gateLine(event, picture, voice)
    case 'check.done':
    case 'check.failed':
      return checkLine(event, picture, voice)
    case 'order.received':
      return said('☞', 'order', { by: event.order.by, order: orderText(event.order.order) })
    case 'order.refused': {
      const { by, order } = event.order
      return said('✖', 'refused', { by, order: orderText(order), why: voice.say(event.why) }, 'bad')
    }
    case 'line.lost':
      return said('⏸', 'line.lost', { component: event.component, why: voice.say(event.why) }, 'bad')
    case 'line.back':
      return said('▶', 'line.back', { component: event.component }, 'good')
    case 'note':
      return { symbol: '·', text: event.text }
    case 'facts.recorded':
      return said('·', 'facts', { component: event.component })
    case 'findings.recorded':
      return said('·', 'findings', { count: event.findings.length })
    case 'check.started':
      return undefined
    default:
      return stepLine(event, picture, voice)
  }
}

function said(symbol: string, key: string, values: Record<string, string | number>, style?: Style): Told {
  return { symbol, text: { key: `views.event.${key}`, values }, ...(style ? { style } : {}) }
}

const say = (voice: Voice, key: string): string => voice.say({ key })

function gateLine(
  event: Extract<Event, { type: 'gate.reached' | 'gate.opened' }>,
  picture: Picture,
  voice: Voice,
) {
  const gate = picture.runbook.gates.find(candidate => candidate.id === event.gate)
  const values = { gate: event.gate, title: gate ? voice.say(gate.title) : event.gate }
  return event.type === 'gate.reached'
    ? said('◆', 'gate.reached', values)
    : said('✔', 'gate.opened', values, 'good')
}

function checkLine(
  event: Extract<Event, { type: 'check.done' | 'check.failed' }>,
  picture: Picture,
  voice: Voice,
): Told | undefined {
  const row = gateRows(picture)
    .find(gate => gate.id === event.gate)
    ?.checks.find(check => check.id === event.check)
  if (!row) return undefined
  const isPaused = event.type === 'check.failed' && event.aborted === 'line-lost'
  const state = event.type === 'check.done' && event.passed ? 'passed' : isPaused ? 'interrupted' : 'failed'
  const measured = event.type === 'check.done' ? { ...row, value: event.value, unit: event.unit } : row
  const figure = event.type === 'check.failed' ? voice.say(event.failure.text) : checkFigure(measured, voice)
  const values = { check: event.check, state: say(voice, `views.check.${state}`), figure }
  return said(checkSymbols[state], 'check', values, tones[state])
}

const tones = { passed: 'good', failed: 'bad', interrupted: 'warn' } as const

type StepEvent = Extract<Event, { step: string }>

function stepLine(event: StepEvent, picture: Picture, voice: Voice): Told | undefined {
  const row = stepRows(picture).find(candidate => candidate.id === event.step)
  if (!row) return undefined
  const state = stateAfter(event)
  const values = { state: say(voice, `views.step.${state}`), step: voice.say(row.title) }
  if (event.type === 'step.failed' || event.type === 'undo.failed') {
    if (state === 'interrupted' || state === 'paused' || state === 'undo-interrupted')
      return said(symbols[state], 'step', values, 'warn')
    const why = voice.say(event.failure.text)
    return said(symbols[state], 'failed', { ...values, attempt: event.attempt, why }, 'bad')
  }
  if (event.type === 'step.done' && row.actualSeconds !== undefined) {
    const times = { actual: clockSpan(row.actualSeconds), planned: clockSpan(row.plannedSeconds) }
    return said(symbols[state], 'stepTimed', { ...values, ...times }, 'good')
  }
  return said(symbols[state], 'step', values, event.type.endsWith('started') ? 'active' : 'warn')
}

const endings = {
  'by-itself': 'failed',
  deadline: 'failed',
  rollback: 'failed',
  stop: 'interrupted',
  'line-lost': 'paused',
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
      return event.aborted === 'stop' ? 'undo-interrupted' : 'undo-failed'
    case 'undo.done':
      return event.how === 'skipped' && event.attempt === 0 ? 'kept' : 'undone'
  }
}

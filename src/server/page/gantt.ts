import { instantAt, millisecondsOf } from '../../model/instant.ts'
import type { Formatter } from '../../views/formatter.ts'
import { ticks } from '../../views/gantt.ts'
import { type GateRow, gateSymbols } from '../../views/gates.ts'
import { lateness } from '../../views/lines.ts'
import { type StepRow, symbols } from '../../views/rows.ts'
import { type StageOrGate, stagesAndGates } from '../../views/stages-and-gates.ts'
import { stateStyle } from '../../views/state-style.ts'
import { named } from '../../views/waiting.ts'
import { gateKeys, stageKeys, stepKeys } from '../../views/words.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'

type Night = NonNullable<Seen['night']>
/** Where an instant stands, as a share of the width in percent, to a tenth: a frame that moves nothing is the same. */
type At = (instant: string) => number

/** Planned above (outline), actual and projected below (solid, hatched): shape tells them apart as well as colour. */
export function ganttPart({ night, formatter }: Seen): Html {
  if (night === undefined) return html``
  const say = (key: Parameters<Formatter['say']>[0]['key']) => formatter.say({ key })
  const { from, to } = extentOf(night)
  const at: At = instant =>
    Math.round(Math.min(1, Math.max(0, (millisecondsOf(instant) - from) / (to - from))) * 1000) / 10
  const { runView } = night
  const marks = marksOf(night, at)
  const grid = ticks(from, to).map(instantAt)
  // a label at the very edge would be cut
  const labelled = grid.filter(tick => at(tick) > 4 && at(tick) < 96)
  // ticks less than a minute apart need their seconds
  const isShort = to - from < 8 * 60_000
  const lines = html`${grid.map(tick => html`<line class="grid" x1="${at(tick)}%" x2="${at(tick)}%" y1="0" y2="100%"/>`)}${marks.map(
    ({ kind, x }) => html`<line class="mark ${kind}" x1="${x}%" x2="${x}%" y1="0" y2="100%"/>`,
  )}`
  const parts = stagesAndGates(runView)
  const legend = ['planned', 'actual', 'projected', 'undone', 'failed', 'gate', 'critical'] as const
  return html`<h2>${say('server.gantt')}</h2>
<ul class="legend" aria-hidden="true">${legend.map(
    kind => html`<li><svg width="26" height="16">${sample(kind)}</svg>${say(legendKeys[kind])}</li>`,
  )}</ul>
<div class="chart">
<div class="row axis" aria-hidden="true"><span></span><svg height="34">${labelled.map(
    tick =>
      html`<text class="tick" x="${at(tick)}%" y="13">${isShort ? formatter.clock(tick) : formatter.minute(tick)}</text>`,
  )}${marks.map(
    ({ kind, x, instant, key }) =>
      html`<text class="mark-label ${kind} ${x > 80 ? 'before' : 'behind'}" x="${x}%" y="29">${say(key)} ${formatter.minute(instant)}</text>`,
  )}</svg><span></span></div>
${parts.map(part => partHtml(part, night, at, lines, formatter))}
</div>`
}

const legendKeys = {
  planned: 'views.gantt.planned',
  actual: 'views.gantt.actual',
  projected: 'views.gantt.projected',
  undone: 'views.gantt.undone',
  failed: 'views.gantt.failed',
  gate: 'views.gantt.gate',
  critical: 'server.gantt.critical',
} as const

function sample(kind: keyof typeof legendKeys): Html {
  if (kind === 'gate') return diamond(50)
  if (kind === 'critical') return html`<text class="critical-mark" x="50%" y="12">●</text>`
  const [y, height] = kind === 'planned' ? [2, 5] : [7, 8]
  return html`<rect class="bar ${kind}" x="1" width="24" y="${y}" height="${height}" rx="2"/>`
}

/** From the first to the last instant drawn, with a little air; never empty. */
function extentOf({ status, runView }: Night): { from: number; to: number } {
  const isOver = runView.run?.finishedAt !== undefined
  const instants = status.steps.flatMap(step => [
    ...[step.plannedStart, step.plannedEnd, step.startedAt, step.endedAt],
    ...[step.undo?.startedAt, step.undo?.endedAt, isOver ? undefined : step.projectedEnd],
  ])
  if (!isOver && runView.run) instants.push(status.now)
  const times = instants.flatMap(instant => (instant === undefined ? [] : [millisecondsOf(instant)]))
  const from = times.length > 0 ? Math.min(...times) : millisecondsOf(status.window.start)
  const lastStep = Math.max(from + 60_000, ...times)
  // far behind the last step the window's end would leave the bars no room
  const limits = [status.lastSafe?.at, status.mode === 'live' ? status.window.end : undefined]
    .flatMap(instant => (instant === undefined ? [] : [millisecondsOf(instant)]))
    .filter(limit => limit - from < 2 * (lastStep - from))
  const to = Math.max(lastStep, ...limits)
  return { from: from - (to - from) * 0.03, to: to + (to - from) * 0.03 }
}

type Mark = {
  kind: 'now' | 'safe' | 'end'
  instant: string
  x: number
  key: 'views.gantt.now' | 'server.gantt.safe' | 'views.gantt.windowEnd'
}

/** Only those that lie on the chart. */
function marksOf({ status, runView }: Night, at: At): Mark[] {
  const mark = (kind: Mark['kind'], key: Mark['key'], instant: string): Mark[] => {
    const x = at(instant)
    return x > 0 && x < 100 ? [{ kind, key, instant, x }] : []
  }
  const isUnderWay = runView.run !== undefined && runView.run.finishedAt === undefined
  return [
    ...(status.mode === 'live' ? mark('end', 'views.gantt.windowEnd', status.window.end) : []),
    ...(status.lastSafe === undefined ? [] : mark('safe', 'server.gantt.safe', status.lastSafe.at)),
    ...(isUnderWay ? mark('now', 'views.gantt.now', status.now) : []),
  ]
}

function partHtml(part: StageOrGate, night: Night, at: At, lines: Html, formatter: Formatter): Html {
  if (part.type === 'gate') return gateHtml(part.gate, at, lines, formatter)
  return html`<h3 class="stage">${formatter.say({ key: stageKeys[part.stage] })} <span class="aside">${part.done}/${part.steps.length}</span></h3>
<ul>${part.steps.map(step => stepHtml(step, night, at, lines, formatter))}</ul>`
}

function gateHtml(gate: GateRow, at: At, lines: Html, formatter: Formatter): Html {
  const { id, openedAt, reachedAt, state } = gate
  const name = formatter.say({ key: 'views.gate.name', values: { gate: id } })
  const when = openedAt ?? reachedAt
  const roles = [...new Set(gate.signoffs.map(({ role }) => role))]
  return html`<div class="row gate" id="chart-${id}" data-roles="${roles.join(' ')}"><span class="label"><span class="${stateStyle(state)}" aria-hidden="true">${gateSymbols[state]}</span> ${name}</span>
<svg height="26" aria-hidden="true">${lines}${when === undefined ? '' : diamond(at(when))}</svg>
<span class="when">${formatter.say({ key: gateKeys[state] })}${when === undefined ? '' : ` ${formatter.minute(when)}`}</span></div>`
}

const diamond = (x: number): Html =>
  html`<svg class="gate-at" x="${x}%" y="5" width="16" height="16" overflow="visible"><path class="gate" d="M0 0l7 7l-7 7l-7 -7z"/></svg>`

function stepHtml(
  step: StepRow,
  { runView, status }: Night,
  at: At,
  lines: Html,
  formatter: Formatter,
): Html {
  const isOver = runView.run?.finishedAt !== undefined
  const isCritical = !isOver && status.criticalPath.includes(step.id)
  const critical = formatter.say({ key: 'server.gantt.critical' })
  const mark = isCritical
    ? html` <span class="critical-mark" title="${critical}"><span aria-hidden="true">●</span><span class="heard">${critical}</span></span>`
    : ''
  const title = formatter.say(step.title)
  const state = html`<span class="${stateStyle(step.state)}"><span aria-hidden="true">${symbols[step.state]}</span><span class="heard"> ${formatter.say({ key: stepKeys[step.state] })}:</span></span>`
  return html`<li class="row ${isCritical ? 'critical' : ''}" id="chart-${step.id}" data-roles="${step.owner}"><span class="label" title="${title}">${state}${mark} ${title} <span class="heard">${named(step.owner, runView)}</span></span>
<svg height="26" aria-hidden="true">${lines}${barsOf(step, status.now, isOver, at)}</svg>
<span class="when">${timesOf(step, isOver, formatter)}</span></li>`
}

function barsOf(step: StepRow, now: string, isOver: boolean, at: At): Html[] {
  const bar = (kind: string, from: string | undefined, to: string | undefined): Html[] => {
    if (from === undefined || to === undefined || to < from) return []
    const [x, end] = [at(from), at(to)]
    const width = Math.max(0.3, Math.round((end - x) * 10) / 10)
    const [y, height] = kind === 'planned' ? [4, 6] : [12, 10]
    return [
      html`<rect class="bar ${kind}" x="${Math.min(x, 99.7)}%" width="${width}%" y="${y}" height="${height}" rx="2"/>`,
    ]
  }
  const { plannedStart, plannedEnd, startedAt, endedAt, projectedEnd, plannedSeconds, undo } = step
  const isFailed = step.state === 'failed' || step.state === 'undo-failed'
  const ahead =
    projectedEnd === undefined
      ? undefined
      : startedAt === undefined
        ? instantAt(millisecondsOf(projectedEnd) - plannedSeconds * 1000)
        : now
  return [
    ...bar('planned', plannedStart, plannedEnd),
    ...bar(isFailed ? 'failed' : 'actual', startedAt, endedAt ?? (isOver ? undefined : now)),
    ...(endedAt === undefined && !isOver ? bar('projected', ahead, projectedEnd) : []),
    ...bar('undone', undo?.startedAt, undo?.endedAt ?? (isOver ? undefined : now)),
  ]
}

/** Begun and ended, else as it is foreseen; and how late. */
function timesOf(step: StepRow, isOver: boolean, formatter: Formatter): Html {
  const { startedAt, endedAt, projectedEnd, lateSeconds } = step
  const end = endedAt ?? (isOver ? undefined : projectedEnd)
  if (end === undefined) return html``
  const word = endedAt === undefined ? html`<span class="aside">≈ </span>` : ''
  const late = lateness(lateSeconds)
  return html`${startedAt === undefined ? '' : `${formatter.minute(startedAt)} → `}${word}${formatter.minute(end)}${late === '' ? '' : html` <span class="${(lateSeconds ?? 0) > 60 ? 'warn' : 'aside'}">${late}</span>`}`
}

import { secondsBetween } from '../../model/instant.ts'
import type { MessageKey } from '../../model/text.ts'
import type { Formatter } from '../../views/formatter.ts'
import { clockSpan } from '../../views/lines.ts'
import type { Status } from '../../views/status.ts'
import { modeKeys } from '../../views/words.ts'
import { type Html, html } from '../html.ts'
import type { Seen } from '../source.ts'
import { reversibilityOf } from './reversibility.ts'

type Clock = { id: string; name: string; value: Html; below: string[]; tone?: 'good' | 'warn' | 'bad' }
/** Less than this is left: the figure is shown as a warning. */
const littleSeconds = 600

/** The figures that are read from the other end of a room. Each goes on by itself between two frames (`data-until`). */
export function clocksPart({ night, formatter }: Seen): Html {
  if (night === undefined) return html``
  const { status } = night
  const clocks = [leftClock(status, formatter), finishClock(night, formatter)]
  const { lastSafe } = status
  if (lastSafe !== undefined) clocks.push(lastSafeClock(lastSafe, formatter))
  const back = reversibilityOf(status)
  if (back !== undefined)
    clocks.push({
      ...{ id: 'back', name: formatter.say({ key: 'server.clock.back' }) },
      value: html`<span class="word">${symbols[back.state]} ${formatter.say({ key: back.headline })}</span>`,
      below: [formatter.say({ key: back.why })],
      tone: tones[back.state],
    })
  return html`${clocks.map(
    ({ id, name, value, below, tone = '' }) => html`<div class="clock ${tone}" id="clock-${id}">
<h2>${name}</h2><p class="figure">${value}</p>${below.map(line => html`<p class="below">${line}</p>`)}</div>`,
  )}`
}

const symbols = { reversible: '↩', 'at-risk': '!', irreversible: '✖', 'going-back': '◀', 'gone-back': '↩' }
const tones = {
  reversible: 'good',
  'at-risk': 'warn',
  irreversible: 'bad',
  'going-back': 'warn',
  'gone-back': 'warn',
} as const

/** Counts down to the instant, and below zero. */
const until = (instant: string, seconds: number): Html =>
  html`<span data-until="${instant}">${clockSpan(seconds)}</span>`

function leftClock(status: Status, formatter: Formatter): Clock {
  const { mode, window, now } = status
  if (mode !== 'live')
    return {
      ...{ id: 'left', name: formatter.say({ key: 'server.clock.mode' }) },
      value: html`<span class="word">${formatter.say({ key: modeKeys[mode] })}</span>`,
      below: [formatter.say({ key: 'server.clock.notLive' })],
    }
  const isAhead = now < window.start
  const key: MessageKey = isAhead ? 'server.clock.begins' : 'server.clock.left'
  const [instant, seconds] = isAhead
    ? [window.start, secondsBetween(now, window.start)]
    : [window.end, window.leftSeconds]
  const values = { start: formatter.minute(window.start), end: formatter.minute(window.end) }
  return {
    ...{ id: 'left', name: formatter.say({ key }), value: until(instant, seconds) },
    below: [formatter.say({ key: 'server.clock.window', values })],
    ...toneOf(isAhead ? littleSeconds : seconds),
  }
}

const toneOf = (leftSeconds: number): { tone?: 'warn' | 'bad' } =>
  leftSeconds < 0 ? { tone: 'bad' } : leftSeconds < littleSeconds ? { tone: 'warn' } : {}

function finishClock({ status, runView }: NonNullable<Seen['night']>, formatter: Formatter): Clock {
  const { projectedFinish, finish, window, mode, rollback } = status
  const isOver = runView.run?.finishedAt !== undefined
  const name = formatter.say({ key: isOver ? 'server.clock.finished' : 'server.clock.finish' })
  const expected = finish?.p50 ?? projectedFinish
  const value = html`<time datetime="${expected}">${formatter.minute(expected)}</time>`
  if (mode !== 'live') return { id: 'finish', name, value, below: [formatter.day(expected)] }
  // of a rollback the forecast of the way forward says nothing
  if (rollback !== undefined && !isOver)
    return {
      ...{ id: 'finish', name, value: html`<span class="word">–</span>` },
      below: [formatter.say({ key: 'server.clock.finishRollback' })],
    }
  // as in `status`: it is P95 that must fit the window
  const spare = secondsBetween(finish?.p95 ?? projectedFinish, window.end)
  const key: MessageKey = spare < 0 ? 'server.clock.over' : 'server.clock.spare'
  const values = { seconds: formatter.duration(Math.round(Math.abs(spare))) }
  const likely = finish && {
    key: 'server.clock.finishBand' as const,
    values: { p95: formatter.minute(finish.p95) },
  }
  const below = [...(likely ? [formatter.say(likely)] : []), formatter.say({ key, values })]
  return { id: 'finish', name, value, below, ...toneOf(spare) }
}

function lastSafeClock(lastSafe: NonNullable<Status['lastSafe']>, formatter: Formatter): Clock {
  const { at, leftSeconds, rollbackSeconds } = lastSafe
  const values = { at: formatter.minute(at), takes: formatter.duration(Math.round(rollbackSeconds)) }
  return {
    ...{ id: 'safe', name: formatter.say({ key: 'server.clock.safe' }), value: until(at, leftSeconds) },
    below: [
      formatter.say({ key: leftSeconds < 0 ? 'server.clock.safePassed' : 'server.clock.safeAt', values }),
    ],
    ...toneOf(leftSeconds),
  }
}

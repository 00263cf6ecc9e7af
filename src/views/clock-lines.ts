import { secondsBetween } from '../model/instant.ts'
import type { MessageKey } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { clockSpan, type Line, span } from './lines.ts'
import type { RunView } from './run-view.ts'
import type { Status } from './status.ts'

const windowKeys = {
  ahead: 'views.window.ahead',
  left: 'views.window.left',
  over: 'views.window.over',
} as const satisfies Record<string, MessageKey>

/** Before the window its start matters, in it what is left, after it by how much it is passed. */
export function windowLine(view: Status, formatter: Formatter): Line {
  const { start, end, leftSeconds } = view.window
  const aheadSeconds = secondsBetween(view.now, start)
  const state = aheadSeconds > 0 ? 'ahead' : leftSeconds >= 0 ? 'left' : 'over'
  const values = {
    start: state === 'ahead' ? formatter.moment(start) : formatter.clock(start),
    end: formatter.clock(end),
    left: state === 'ahead' ? formatter.duration(aheadSeconds) : clockSpan(Math.abs(leftSeconds)),
  }
  return [span(formatter.say({ key: windowKeys[state], values }), leftSeconds < 0 ? 'bad' : undefined)]
}

export function finishLine(
  { run }: RunView,
  { window, mode, projectedFinish, finish }: Status,
  formatter: Formatter,
): Line {
  const at = formatter.clock(projectedFinish)
  if (finish === undefined) {
    const key = run?.finishedAt ? 'views.finished' : 'views.projected'
    return [span(formatter.say({ key, values: { at } }))]
  }
  const values = { p50: formatter.clock(finish.p50), p95: formatter.clock(finish.p95) }
  const isLate = mode === 'live' && secondsBetween(finish.p95, window.end) < 0
  return [span(formatter.say({ key: 'views.projected.band', values }), isLate ? 'warn' : undefined)]
}

export function lastSafeLine(lastSafe: NonNullable<Status['lastSafe']>, formatter: Formatter): Line {
  const { at, leftSeconds, rollbackSeconds, basis } = lastSafe
  const measured = basis.measured + basis.lengthened
  const undos = measured + basis.assumed
  const values = {
    at: formatter.clock(at),
    left: clockSpan(leftSeconds),
    takes: formatter.duration(rollbackSeconds),
  }
  const key = leftSeconds >= 0 ? 'views.lastSafe.left' : 'views.lastSafe.passed'
  const line = [span(formatter.say({ key, values }), leftSeconds < 600 ? 'bad' : undefined)]
  if (undos === 0) return line
  return [
    ...line,
    span('  '),
    span(formatter.say({ key: 'views.lastSafe.basis', values: { measured, undos } }), 'dim'),
  ]
}

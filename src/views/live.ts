import type { Formatter } from './formatter.ts'
import type { Line } from './lines.ts'
import type { RunView } from './run-view.ts'
import { status } from './status.ts'
import {
  columnLine,
  headLines,
  type StageLines,
  stageLines,
  type Typed,
  waitingLines,
} from './status-lines.ts'

/**
 * The status for a terminal of so many rows, redrawn in place. When it is too tall, what lies furthest from now is left
 * out first; the head, what runs and what waits for a person are never omitted.
 */
export function liveLines(runView: RunView, formatter: Formatter, typed: Typed, rows: number): Line[] {
  const view = status(runView, formatter)
  const head = headLines(runView, view, formatter)
  const waits = waitingLines(view, formatter, typed)
  const stages = stageLines(runView, formatter)
  const room = Math.max(1, rows - head.length - waits.length - 3)
  return [...head, [], columnLine(formatter), ...around(stages, room), ...waits]
}

/** At most `room` lines: what runs first, then what waits, then what is nearest to them. */
function around(stages: StageLines[], room: number): Line[] {
  const centre = Math.max(
    0,
    stages.findIndex(stage => stage.active !== 'no'),
  )
  const ranked = stages
    .map((stage, index) => ({ stage, index, distance: Math.abs(index - centre) }))
    .sort(
      (left, right) => rank[left.stage.active] - rank[right.stage.active] || left.distance - right.distance,
    )
  const kept = new Map<number, Line[]>()
  let left = room
  for (const { stage, index } of ranked) {
    // where there is no room for all of what is under way, its heading goes first
    const whole = stage.lines.length <= left
    const lines = whole ? stage.lines : stage.active === 'no' ? [] : stage.lines.slice(1, 1 + left)
    if (left <= 0 || lines.length === 0) continue
    kept.set(index, lines)
    left -= lines.length
  }
  return stages.flatMap((_, index) => kept.get(index) ?? [])
}

const rank: Record<StageLines['active'], number> = { runs: 0, waits: 1, no: 2 }

import type { Line } from './lines.ts'
import type { Picture } from './picture.ts'
import { status } from './status.ts'
import { columnLine, headLines, stageLines, waitingLines } from './status-lines.ts'
import type { Voice } from './voice.ts'

/**
 * The picture for a terminal of so many rows, redrawn in place. When it is too tall, what lies furthest from now is left
 * out first; the head, what runs and what waits for a person are never left out.
 */
export function liveLines(picture: Picture, voice: Voice, rows: number): Line[] {
  const view = status(picture, voice)
  const head = headLines(picture, view, voice)
  const waits = waitingLines(view, voice)
  const stages = stageLines(picture, voice)
  const room = Math.max(1, rows - head.length - waits.length - 3)
  return [...head, [], columnLine(voice), ...around(stages, room), ...waits]
}

/** At most `room` lines, those nearest to what is under way. */
function around(stages: { lines: Line[]; active: boolean }[], room: number): Line[] {
  const now = stages.findIndex(stage => stage.active)
  const centre = Math.max(now, 0)
  const byDistance = stages
    .map((stage, index) => ({ index, size: stage.lines.length, distance: Math.abs(index - centre), stage }))
    .sort(
      (left, right) =>
        Number(right.stage.active) - Number(left.stage.active) || left.distance - right.distance,
    )
  const kept = new Set<number>()
  let left = room
  for (const { index, size, stage } of byDistance) {
    if (size > left && !stage.active) continue
    kept.add(index)
    left -= size
  }
  return stages.flatMap((stage, index) => (kept.has(index) ? stage.lines : [])).slice(0, Math.max(room, 1))
}

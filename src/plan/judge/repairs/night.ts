import type { Work } from '../../../model/schedule.ts'
import type { Edit } from '../../edits/edit.ts'
import type { Value } from '../../edits/source-text.ts'
import { type Judged, type TimedWork, takesTime } from '../judgement.ts'
import { clockAt } from '../moments.ts'

/** A slot of the schedule where a repair puts it. `work`: as it stands in the plan; `slot`: a new one. */
export type Placed = { id: string; start: number; end: number } & ({ work: TimedWork } | { slot: NewSlot })
export type NewSlot = { title: string; work: Work; components: string[]; size?: string }

/** Minutes that a repair plans for work of which no rate tells the time. Assumptions, said in docs/check.md; a paper plan counts in fives. */
export const plannedMinutes = {
  'catch-up': 5,
  promote: 5,
  'flow-back': 5,
  maintenance: 5,
  delta: 10,
  test: 15,
} as const satisfies Partial<Record<Work, number>>

/** Of the night alone: what is planned before it stays where it is. */
export const placedIn = ({ timed }: Judged): Placed[] =>
  timed
    .filter(({ path, when }) => path[0] === 'schedule' && when.startMinute >= 0)
    .map(work => ({ id: work.id, start: work.when.startMinute, end: work.when.endMinute, work }))

/** What starts in that minute or later starts so much later; negative: earlier. */
export const shifted = (night: readonly Placed[], from: number, minutes: number, except?: string): Placed[] =>
  night.map(one =>
    one.start < from || one.id === except
      ? one
      : { ...one, start: one.start + minutes, end: one.end + minutes },
  )

/** It takes the place of `before`; what stood from there up to it makes room. */
export function movedBefore(night: readonly Placed[], id: string, before: number): Placed[] {
  const moved = night.find(one => one.id === id)
  if (moved === undefined) return [...night]
  const length = moved.end - moved.start
  return night.map(one => {
    if (one.id === id) return { ...one, start: before, end: before + length }
    const makesRoom = one.start >= before && one.start < moved.start
    return makesRoom ? { ...one, start: one.start + length, end: one.end + length } : one
  })
}

/** Free of all that `meets`, and over before `until`; where there is no such room, what starts at `until` or later makes it. */
export function inserted(
  night: readonly Placed[],
  slot: NewSlot & { id: string },
  { minutes, from, until, meets }: Room,
): Placed[] {
  const { id, ...rest } = slot
  const busy = night.filter(one => meets(one))
  const isFree = (start: number): boolean =>
    busy.every(one => one.end <= start || one.start >= start + minutes)
  const starts = [from, ...busy.map(({ end }) => end).filter(end => end > from)].toSorted((a, b) => a - b)
  const start = starts.find(isFree) ?? from
  const late = start + minutes - until
  const others = late > 0 ? shifted(night, until, late) : night
  return [...others, { id, slot: rest, start, end: start + minutes }]
}
type Room = { minutes: number; from: number; until: number; meets: (one: Placed) => boolean }

const free = (taken: readonly string[], wanted: string): string => {
  let id = wanted
  for (let number = 2; taken.includes(id); number += 1) id = `${wanted}-${number}`
  return id
}
/** Ids that are not taken. */
export const freeId = ({ plan }: Judged, wanted: string): string =>
  free(
    (plan.schedule ?? []).map(({ id }) => id),
    wanted,
  )
export const freeCheck = ({ plan }: Judged, wanted: string): string => free(Object.keys(plan.checks), wanted)
export const freePhase = ({ plan }: Judged, wanted: string): string =>
  free(
    plan.phases.map(({ id }) => id),
    wanted,
  )

/** From the night as planned to this one. A slot whose end follows from the next start keeps it so where it is still true. */
export function nightEdits(judged: Judged, night: readonly Placed[]): Edit[] {
  const inOrder = night.toSorted((one, other) => one.start - other.start)
  const kept = new Set(night.map(({ id }) => id))
  const removed = placedIn(judged).filter(({ id }) => !kept.has(id))
  return [
    ...inOrder.flatMap((one, index) => slotEdits(judged, night, one, inOrder[index - 1])),
    ...removed.map(({ id }): Edit => ({ path: ['schedule', id], remove: true })),
  ]
}

function slotEdits(
  judged: Judged,
  night: readonly Placed[],
  one: Placed,
  before: Placed | undefined,
): Edit[] {
  const path = ['schedule', one.id]
  const [at, until] = [clockAt(judged, one.start), clockAt(judged, one.end)]
  const impliedEnd = Math.min(
    ...night.filter(({ start }) => start > one.start).map(({ start }) => start),
    Math.max(one.start, judged.plan.window.lengthMinutes),
  )
  if ('slot' in one) {
    const { title, ...rest } = one.slot
    const put: Value = { title, at, ...(one.end !== impliedEnd && { until }), ...rest }
    return [{ path, put, ...(before && { after: before.id }) }]
  }
  const { when } = one.work
  const isEnding = takesTime(one.work) && one.end !== impliedEnd
  return [
    ...(when.startMinute === one.start ? [] : [{ path: [...path, 'at'], put: at }]),
    ...((when.endIsWritten ? when.endMinute !== one.end : isEnding)
      ? [{ path: [...path, 'until'], put: until, after: 'at' }]
      : []),
  ]
}

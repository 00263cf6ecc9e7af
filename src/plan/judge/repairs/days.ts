import {
  type DayRange,
  dayName,
  daysOf,
  daysWithout,
  holdersOf,
  isAvailable,
  rangesOf,
} from '../../../model/calendar.ts'
import type { DuePhase, Plan } from '../../../model/plan.ts'
import type { Edit } from '../../edits/edit.ts'
import { rangeText } from '../figures.ts'
import { type DatedWork, declaredBytes, type Judged, type Proposal, type Repair } from '../judgement.ts'
import { linkRates } from '../models.ts'

/** Repairs of the days. */

const daysText = ({ fromDay, untilDay }: DayRange): string =>
  fromDay === untilDay ? dayName(fromDay) : `${dayName(fromDay)} to ${dayName(untilDay)}`

/** On days on which somebody of the role is there, before or after the night as it was; else by a role that is there. */
export const otherDays: Repair = ({ plan }, { path }) => {
  const phase = plan.phases.find(({ id }) => id === path[1])
  if (phase === undefined) return []
  const { id, title, owner } = phase
  const moved = movedDays(plan, phase).map((range): Proposal => {
    const values = { title, days: rangeText(range), role: owner }
    const edits: Edit[] = [{ path: ['phases', id, 'days'], put: daysText(range) }]
    return { text: { key: 'plan.repair.days', values }, edits }
  })
  const others = [...new Set(plan.people.map(({ role }) => role))].filter(
    role => daysWithout(plan.people, role, phase).length === 0,
  )
  const handed = others.map((role): Proposal => {
    const edits: Edit[] = [{ path: ['phases', id, 'owner'], put: role }]
    return { text: { key: 'plan.repair.owner', values: { title, role, before: owner } }, edits }
  })
  return moved.length > 0 ? moved : handed
}

/** Those of its days that the role has; else the nearest ones, at most as many. None, if it would lose its place among the phases. */
function movedDays(plan: Plan, phase: DuePhase): DayRange[] {
  const isBefore = phase.untilDay < 0
  const there = (day: number): boolean =>
    holdersOf(plan.people, phase.owner).some(person => isAvailable(person, day))
  const sameSide = (day: number): boolean => (isBefore ? day < 0 : day > 0)
  const span = { fromDay: phase.fromDay - 60, untilDay: phase.untilDay + 60 }
  const free = rangesOf(daysOf(span).filter(day => there(day) && sameSide(day)))
  const distance = ({ fromDay, untilDay }: DayRange): number =>
    Math.max(0, fromDay - phase.untilDay, phase.fromDay - untilDay)
  const [nearest] = free.toSorted((one, other) => distance(one) - distance(other))
  if (nearest === undefined || (phase.fromDay <= 0 && !isBefore)) return []
  const length = phase.untilDay - phase.fromDay
  const within = {
    fromDay: Math.max(phase.fromDay, nearest.fromDay),
    untilDay: Math.min(phase.untilDay, nearest.untilDay),
  }
  const later = { fromDay: nearest.fromDay, untilDay: Math.min(nearest.untilDay, nearest.fromDay + length) }
  const earlier = {
    fromDay: Math.max(nearest.fromDay, nearest.untilDay - length),
    untilDay: nearest.untilDay,
  }
  const range =
    within.fromDay <= within.untilDay ? within : nearest.fromDay > phase.untilDay ? later : earlier
  return keepsItsPlace(plan, phase, range) ? [range] : []
}

/** The source is switched off last: not before what looks at the target and approves it is over. */
const keepsItsPlace = ({ phases }: Plan, { work }: DuePhase, { fromDay }: DayRange): boolean =>
  work !== 'retire' ||
  phases.every(
    other =>
      !['watch', 'sign-off', 'compare', 'test'].includes(other.work ?? '') || other.untilDay <= fromDay,
  )

/** The days are shared out in the order in which the transfers begin, each as many as its bytes need, within those of its owner. */
export const oneByOne: Repair = (judged, { figures }) => {
  const ids = (figures.works ?? []) as string[]
  const works = judged.dated
    .filter(({ id, path }) => path[0] === 'phases' && ids.includes(id))
    .toSorted(
      (one, other) => one.when.fromDay - other.when.fromDay || one.when.untilDay - other.when.untilDay,
    )
  const edits: Edit[] = []
  let from = Number.NEGATIVE_INFINITY
  for (const [index, work] of works.entries()) {
    const days = daysFor(judged, work, from, works.length - index)
    if (days === undefined) return []
    from = days.untilDay + 1
    const isSame = days.fromDay === work.when.fromDay && days.untilDay === work.when.untilDay
    if (!isSame) edits.push({ path: ['phases', work.id, 'days'], put: daysText(days) })
  }
  const values = { titles: works.map(({ title }) => title).join('; ') }
  return edits.length === 0 ? [] : [{ text: { key: 'plan.repair.oneByOne', values }, edits }]
}

/** Of `sharing` that are still to be placed from that day on: this one's part, and no less than its bytes need. */
function daysFor(judged: Judged, work: DatedWork, from: number, sharing: number): DayRange | undefined {
  const rate = linkRates(judged)?.accepted
  const bytes = work.sizeBytes?.to ?? declaredBytes(judged, work.components)?.to
  if (rate === undefined || bytes === undefined) return undefined
  const needed = Math.max(1, Math.ceil(bytes / rate / 86_400))
  const first = Math.max(from, work.when.fromDay)
  const part = Math.max(needed, Math.floor((work.when.untilDay - first + 1) / sharing))
  const untilDay = Math.min(work.when.untilDay, first + part - 1)
  return untilDay - first + 1 < needed ? undefined : { fromDay: first, untilDay }
}

import type { Edit } from '../../edits/edit.ts'
import { pathText } from '../../error.ts'
import { minutes } from '../figures.ts'
import { type Judged, type Repair, takesTime, titlesOf } from '../judgement.ts'
import { needed } from '../models.ts'
import { clockAt, isAfterReopening } from '../moments.ts'
import { addChecks } from './checks.ts'
import {
  freeId,
  inserted,
  movedBefore,
  nightEdits,
  type Placed,
  placedIn,
  plannedMinutes,
  shifted,
} from './night.ts'

/** Repairs of the order of the night. */

/** What is planned late comes earlier into time that nothing uses; then what has more time than its figures need is shortened. */
export const leaveReserve: Repair = (judged, { figures }) => {
  const length = judged.plan.window.lengthMinutes
  const reserve = judged.isUnknown('window', 'rollbackReserve')
    ? 0
    : judged.plan.window.rollbackReserveMinutes
  const wanted = Math.max(Number(figures.backSeconds) / 60, reserve)
  const last = (night: readonly Placed[]): number => Math.max(0, ...night.filter(isBusy).map(one => one.end))
  const missing = (night: readonly Placed[]): number => last(night) - (length - wanted)
  const planned = placedIn(judged)
  const closed = gapsClosed(planned, missing(planned))
  const night = missing(closed) > 0 ? gapsClosed(shortened(judged, closed), missing(closed)) : closed
  if (wanted <= 0 || missing(night) > 0) return []
  const said: Edit[] =
    reserve === wanted && !judged.isUnknown('window', 'rollbackReserve')
      ? []
      : [{ path: ['window', 'rollbackReserve'], put: `${wanted} min` }]
  const values = {
    minutes: minutes(Math.max(0, last(planned) - last(night)) * 60),
    reserve: minutes(wanted * 60),
  }
  return [{ text: { key: 'plan.repair.reserve', values }, edits: [...said, ...nightEdits(judged, night)] }]
}

const isBusy = (one: Placed): boolean => !('work' in one) || takesTime(one.work)

/** The gaps between what is planned, the first one first, until so many minutes are gained. */
function gapsClosed(night: readonly Placed[], minutesMissing: number): Placed[] {
  let [placed, missing, until] = [[...night], minutesMissing, 0]
  for (const { id } of night.toSorted((one, other) => one.start - other.start)) {
    const one = placed.find(other => other.id === id)
    if (one === undefined || !isBusy(one)) continue
    const gained = Math.max(0, Math.min(missing, one.start - until))
    if (gained > 0) placed = shifted(placed, one.start, -gained)
    missing -= gained
    until = Math.max(until, one.end - gained)
  }
  return placed
}

/** To the minutes that bytes and rates need; what has no figures keeps its time. */
const shortened = (judged: Judged, night: readonly Placed[]): Placed[] =>
  night.map(one => {
    const need = 'work' in one ? needed(judged, one.work) : undefined
    if (need === undefined) return one
    return { ...one, end: Math.min(one.end, one.start + Math.max(1, Math.ceil(need.to / 60))) }
  })

/** A check that the old TTL has passed, before the cut. */
export const checkOldTtl: Repair = (judged, { path }) => {
  const work = judged.timed.find(one => pathText(one.path) === pathText(path))
  return addChecks(judged, work?.components ?? [], {
    ...{ tells: 'old-ttl', key: 'plan.repair.oldTtl', ending: 'old-ttl', gate: 'go', onFailure: 'block' },
  })
}

/** The first test of the night comes before the switch; without one, what was started there is tested. */
export const testFirst: Repair = (judged, { figures }, say) => {
  const at = Number(figures.switchMinute)
  const night = placedIn(judged)
  const test = judged.timed.find(({ work, when }) => work === 'test' && when.startMinute >= at)
  if (test !== undefined && !isAfterReopening(judged, test))
    return [
      {
        text: {
          key: 'plan.repair.moved',
          values: { title: test.title, at: clockAt(judged, at), before: titleAt(judged, at) },
        },
        edits: nightEdits(judged, movedBefore(night, test.id, at)),
      },
    ]
  const started = judged.timed.filter(({ work, when }) => work === 'start' && when.startMinute < at)
  const components = [...new Set(started.flatMap(one => one.components))]
  if (components.length === 0) return []
  const named = titlesOf(judged, components)
  const slot = {
    id: freeId(judged, 'test'),
    title: say({ key: 'plan.repair.title.test', values: { components: named } }),
    work: 'test' as const,
    components,
  }
  const from = Math.max(...started.map(({ when }) => when.endMinute))
  const room = { minutes: plannedMinutes.test, from, until: Math.max(from, at), meets: () => false }
  return [
    {
      text: {
        key: 'plan.repair.test',
        values: { components: named, minutes: minutes(plannedMinutes.test * 60) },
      },
      edits: nightEdits(judged, inserted(night, slot, room)),
    },
  ]
}

const titleAt = ({ timed }: Judged, minute: number): string =>
  timed.find(({ work, when }) => work === 'switch' && when.startMinute === minute)?.title ?? ''

/** Who gives the first GO gives the last one too. */
export const askAtReopening: Repair = ({ plan }) => {
  const roles = plan.gates.go.signoffs
  return [
    {
      text: { key: 'plan.repair.signOff', values: { roles: roles.join(', ') } },
      edits: [{ path: ['gates', 'reopen', 'signoffs'], put: roles }],
    },
  ]
}

/** The start waits for what it needs, and what comes after that waits for the start. */
export const startLater: Repair = (judged, { path, figures }) => {
  const ready = Number(figures.readyMinute)
  const late = ready - Number(figures.startMinute)
  const work = judged.timed.find(one => pathText(one.path) === pathText(path))
  if (work === undefined) return []
  const planned = placedIn(judged)
  // its end may be no more than the start of what it has to wait for
  const next = Math.min(...planned.filter(({ start }) => start >= ready).map(({ start }) => start))
  const length = Math.max(
    work.when.endMinute - work.when.startMinute,
    Number.isFinite(next) ? next + late - ready : 0,
  )
  const night = shifted(planned, ready, late, work.id).map(one =>
    one.id === work.id ? { ...one, start: ready, end: ready + length } : one,
  )
  const values = { title: work.title, at: clockAt(judged, ready) }
  return [{ text: { key: 'plan.repair.later', values }, edits: nightEdits(judged, night) }]
}

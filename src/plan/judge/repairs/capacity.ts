import { pathText } from '../../error.ts'
import { gigabytes, minutes } from '../figures.ts'
import { checksTelling, type Judged, type Repair, type TimedWork } from '../judgement.ts'
import { needed } from '../models.ts'
import { clockAt } from '../moments.ts'
import { freePhase, nightEdits, placedIn, shifted } from './night.ts'

/** Repairs of times that are too short for the bytes. */

const timedAt = ({ timed }: Judged, path: readonly (string | number)[]): TimedWork | undefined =>
  timed.find(work => pathText(work.path) === pathText(path))

/** As long as its figures need; what follows comes later. */
export const giveTime: Repair = (judged, { path }) => {
  const work = timedAt(judged, path)
  const need = work && needed(judged, work)
  if (work === undefined || need === undefined || path[0] !== 'schedule') return []
  const length = Math.ceil(need.to / 60)
  const more = length - (work.when.endMinute - work.when.startMinute)
  const night = shifted(placedIn(judged), work.when.endMinute, more, work.id).map(one =>
    one.id === work.id ? { ...one, end: one.start + length } : one,
  )
  const values = { title: work.title, need: minutes(length * 60), more: minutes(more * 60) }
  return [{ text: { key: 'plan.repair.giveTime', values }, edits: nightEdits(judged, night) }]
}

/** The later of two transfers begins once the other has ended. */
export const oneAfterTheOther: Repair = (judged, { path }) => {
  const work = timedAt(judged, path)
  const other =
    work &&
    judged.timed.findLast(
      one =>
        one !== work &&
        one.when.startMinute <= work.when.startMinute &&
        one.when.endMinute > work.when.startMinute,
    )
  if (work === undefined || other === undefined) return []
  const late = other.when.endMinute - work.when.startMinute
  const night = shifted(placedIn(judged), work.when.startMinute, late, other.id)
  const values = { title: work.title, at: clockAt(judged, other.when.endMinute) }
  return [{ text: { key: 'plan.repair.later', values }, edits: nightEdits(judged, night) }]
}

/** Files are hashed the day before, and in the window only as many bytes as the check lets be left. */
export const hashAhead: Repair = (judged, { path }, say) => {
  const work = judged.works.find(one => pathText(one.path) === pathText(path))
  if (work?.work !== 'hash' || path[0] !== 'schedule') return []
  const limits = work.components.map(id =>
    checksTelling(judged, 'delta', id).flatMap(({ threshold }) =>
      'below' in threshold ? [threshold.below] : [],
    ),
  )
  if (limits.length === 0 || limits.some(one => one.length === 0)) return []
  const left = limits.reduce((sum, one) => sum + Math.min(...one), 0)
  const owner = work.owner
  if (owner === undefined) return []
  const title = say({ key: 'plan.repair.title.hashAhead', values: { title: work.title } })
  const phase = { title, days: 'J-1', owner, work: 'hash' as const, components: work.components }
  return [
    {
      text: { key: 'plan.repair.hashAhead', values: { title: work.title, left: gigabytes(left) } },
      edits: [
        { path: ['schedule', work.id, 'size'], put: sizeText(left) },
        { path: ['phases', freePhase(judged, `${work.components[0]}-hash`)], put: phase },
      ],
    },
  ]
}

/** In the unit in which it is shortest, to the byte. */
function sizeText(bytes: number): string {
  const units = [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
    ['B', 1],
  ] as const
  const [unit, size] = units.find(([, one]) => bytes >= one && Number.isInteger((bytes / one) * 100)) ?? [
    'B',
    1,
  ]
  return `${bytes / size} ${unit}`
}

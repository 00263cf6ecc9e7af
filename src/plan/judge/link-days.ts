import { dayName } from '../../model/calendar.ts'
import { gigabytes, hours, megabits } from './figures.ts'
import type { DatedWork, Judged, JudgeRule, RuleFinding } from './judgement.ts'
import { declaredBytes, sumOf } from './judgement.ts'
import { bytesOf, crossesLink, linkRates } from './models.ts'
import { oneByOne } from './repairs/days.ts'

/** The link in the days before, and the room at the target. */
export const linkDaysRules: JudgeRule[] = [
  { id: 'capacity.link-shared', judge: shared, repair: oneByOne },
  { id: 'capacity.link-overbooked', judge: overbooked },
  { id: 'capacity.room', judge: room },
]

const heavy = (judged: Judged): DatedWork[] =>
  judged.dated.filter(work => crossesLink(work) && (bytesOf(judged, work)?.to ?? 0) > 0)
const overlap = ({ when: one }: DatedWork, { when: two }: DatedWork): boolean =>
  one.fromDay <= two.untilDay && two.fromDay <= one.untilDay

/** Transfers that compete for the link because they share a day, in groups: one finding for each. */
function shared(judged: Judged): RuleFinding[] {
  const rates = linkRates(judged)
  if (rates === undefined) return []
  return groups(heavy(judged)).flatMap(group => {
    const [first] = group
    if (first === undefined || group.length < 2) return []
    const bytes = sumOf(group.flatMap(work => bytesOf(judged, work) ?? []))
    const seconds = bytes.to / rates.declared
    const values = {
      titles: group.map(({ title }) => title).join('; '),
      from: dayName(Math.min(...group.map(({ when }) => when.fromDay))),
      until: dayName(Math.max(...group.map(({ when }) => when.untilDay))),
      bytes: gigabytes(bytes.to),
      hours: hours(seconds),
      rate: megabits(rates.declared),
    }
    return [
      {
        level: 'warn',
        path: (group.at(-1) ?? first).path,
        text: { key: 'plan.judge.linkShared', values },
        remedy: { key: 'plan.judge.linkShared.remedy' },
        figures: { bytes, seconds, works: group.map(({ id }) => id) },
      },
    ]
  })
}

/** Works that share a day with one of the group, and so on. */
function groups(works: readonly DatedWork[]): DatedWork[][] {
  const found: DatedWork[][] = []
  for (const work of works) {
    const touching = found.filter(group => group.some(other => overlap(work, other)))
    for (const group of touching) found.splice(found.indexOf(group), 1)
    found.push([...touching.flat(), work])
  }
  return found
}

/** More than the link carries in the days there are, day and night. */
function overbooked(judged: Judged): RuleFinding[] {
  const rates = linkRates(judged)
  if (rates === undefined) return []
  return groups(heavy(judged)).flatMap(group => {
    const [first] = group
    const from = Math.min(...group.map(({ when }) => when.fromDay))
    const until = Math.max(...group.map(({ when }) => when.untilDay))
    const bytes = sumOf(group.flatMap(work => bytesOf(judged, work) ?? []))
    const there = (until - from + 1) * 24 * 3600
    const seconds = { from: bytes.from / rates.declared, to: bytes.to / rates.accepted }
    if (first === undefined || seconds.to <= there) return []
    const values = {
      titles: group.map(({ title }) => title).join('; '),
      from: dayName(from),
      until: dayName(until),
      bytes: gigabytes(bytes),
      hours: hours(seconds),
      there: hours(there),
      rate: megabits(rates.accepted),
    }
    return [
      {
        level: seconds.from > there ? 'block' : 'warn',
        path: first.path,
        text: { key: 'plan.judge.linkOverbooked', values },
        remedy: { key: 'plan.judge.linkOverbooked.remedy' },
        figures: { bytes, seconds, thereSeconds: there },
      },
    ]
  })
}

function room(judged: Judged): RuleFinding[] {
  const there = judged.plan.architecture?.roomBytes
  const bytes = declaredBytes(judged, Object.keys(judged.plan.components))
  if (there === undefined || bytes === undefined || bytes.to <= there) return []
  return [
    {
      level: bytes.from > there ? 'block' : 'warn',
      path: ['architecture', 'room'],
      text: { key: 'plan.judge.room', values: { bytes: gigabytes(bytes), room: gigabytes(there) } },
      remedy: { key: 'plan.judge.room.remedy' },
      figures: { bytes, roomBytes: there },
    },
  ]
}

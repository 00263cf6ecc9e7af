import { daysOf, daysWithout, holdersOf, isAvailable, rangesOf } from '../../model/calendar.ts'
import type { DuePhase, Person, Plan } from '../../model/plan.ts'
import type { Text } from '../../model/text.ts'
import { rangeText } from './figures.ts'
import type { Judged, JudgeRule, RuleFinding } from './judgement.ts'
import { otherDays } from './repairs/days.ts'

/** People and the days of the phases. */
export const peopleDaysRules: JudgeRule[] = [
  {
    id: 'people.absent',
    judge: ({ plan }) => plan.phases.flatMap(phase => absent(plan, phase)),
    repair: otherDays,
  },
  { id: 'people.alone', judge: alone },
]

/** Of one thing at least: a role always has somebody, or the plan is refused. */
const listed = (texts: readonly Text[]): Text =>
  texts.reduce((all, one): Text => ({ key: 'plan.people.and', values: { first: all, second: one } }))

/** `J-14 to J-8, J+3`. */
const rangesText = (days: readonly number[]): Text => listed(rangesOf(days).map(rangeText))

/** `Thomas Vidal (J-3 to J+1)`, of everybody given. */
export const availabilityText = (people: readonly Person[]): Text =>
  listed(
    people.map(({ name, available }) => ({
      key: 'plan.people.personDays',
      values: { name, days: rangeText(available) },
    })),
  )

/** Nobody of the owner's role on some days: a warning. On none of them anybody: as written, nobody does it. */
function absent({ people }: Plan, phase: DuePhase): RuleFinding[] {
  const missing = daysWithout(people, phase.owner, phase)
  if (missing.length === 0) return []
  const total = daysOf(phase).length
  const values = {
    title: phase.title,
    days: rangeText(phase),
    role: phase.owner,
    missing: rangesText(missing),
    count: missing.length,
    total,
    who: availabilityText(holdersOf(people, phase.owner)),
  }
  const others = [...new Set(people.map(({ role }) => role))].filter(
    role => daysWithout(people, role, phase).length === 0,
  )
  return [
    {
      level: missing.length === total ? 'block' : 'warn',
      path: ['phases', phase.id, 'days'],
      text: { key: missing.length === total ? 'plan.people.absent' : 'plan.people.partlyAbsent', values },
      remedy:
        others.length === 0
          ? { key: 'plan.people.absent.remedy', values: { role: phase.owner, days: rangeText(phase) } }
          : {
              key: 'plan.people.absent.remedyOthers',
              values: { role: phase.owner, days: rangeText(phase), others: others.join(', ') },
            },
      figures: { fromDay: phase.fromDay, untilDay: phase.untilDay, missingDays: missing, days: total },
    },
  ]
}

/** A phase after the night that begins when one person alone is left of several: nobody answers who owns the components. */
function alone({ plan }: Judged): RuleFinding[] {
  const { people, phases } = plan
  const here = (day: number) => [
    ...new Set(people.filter(person => isAvailable(person, day)).map(({ name }) => name)),
  ]
  if (new Set(people.map(({ name }) => name)).size < 2) return []
  return phases.flatMap((phase): RuleFinding[] => {
    const days = daysOf(phase)
    if (phase.fromDay <= 0 || !days.every(day => here(day).length === 1)) return []
    const owners = [...new Set(Object.values(plan.components).map(({ owner }) => owner))]
    const left = owners.filter(role => daysWithout(people, role, phase).length === days.length)
    if (left.length === 0) return []
    const values = {
      title: phase.title,
      days: rangeText(phase),
      name: here(phase.fromDay)[0] ?? '',
      left: availabilityText(people.filter(({ role }) => left.includes(role))),
    }
    return [
      {
        level: 'warn',
        path: ['phases', phase.id, 'days'],
        text: { key: 'plan.people.alone', values },
        remedy: { key: 'plan.people.alone.remedy', values: { roles: left.join(', ') } },
        figures: { fromDay: phase.fromDay, untilDay: phase.untilDay },
      },
    ]
  })
}

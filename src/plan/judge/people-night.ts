import {
  daysWithout,
  holdersOf,
  isAvailable,
  mailAddressIn,
  type NightDuty,
  nightDuties,
  phoneNumberIn,
} from '../../model/calendar.ts'
import type { Person, Plan } from '../../model/plan.ts'
import type { GateId } from '../../model/stage.ts'
import { minutes } from './figures.ts'
import { type Judged, type JudgeRule, type RuleFinding, takesTime } from './judgement.ts'
import { availabilityText } from './people-days.ts'

/** People and the night: who must sign, who is called when a step fails, and who takes their place. */
export const peopleNightRules: JudgeRule[] = [
  { id: 'people.signoff-absent', judge: ({ plan }) => eachSignoff(plan, signoffAbsent) },
  { id: 'people.owner-absent', judge: ownerAbsent },
  { id: 'people.twice', judge: ({ plan }) => eachSignoff(plan, signsTwice) },
  { id: 'people.at-once', judge: atOnce },
  { id: 'people.no-deputy', judge: noDeputy },
  { id: 'people.contact', judge: contact },
]

const night = { fromDay: 0, untilDay: 0 }
const onTheNight = (people: readonly Person[], role: string): Person[] =>
  holdersOf(people, role).filter(person => isAvailable(person, 0))

/** The name of who alone can do a role's work in the night. */
function onlyOne(people: readonly Person[], role: string): string | undefined {
  const names = new Set(onTheNight(people, role).map(({ name }) => name))
  return names.size === 1 ? [...names][0] : undefined
}

function eachSignoff(
  plan: Plan,
  judge: (plan: Plan, gate: GateId, index: number) => RuleFinding[],
): RuleFinding[] {
  const gates: GateId[] = ['go', 'integrity', 'reopen']
  return gates.flatMap(gate => plan.gates[gate].signoffs.flatMap((_, index) => judge(plan, gate, index)))
}

/** A gate waits for people as long as it takes: without them it never opens. */
function signoffAbsent({ people, gates }: Plan, gate: GateId, index: number): RuleFinding[] {
  const role = gates[gate].signoffs[index] ?? ''
  if (daysWithout(people, role, night).length === 0) return []
  const values = { gate, role, who: availabilityText(holdersOf(people, role)) }
  return [
    {
      level: 'block',
      path: ['gates', gate, 'signoffs', index],
      text: { key: 'plan.people.signoffAbsent', values },
      remedy: { key: 'plan.people.signoffAbsent.remedy', values: { role } },
      figures: { day: 0 },
    },
  ]
}

/** Once for each role, at the first of its components. */
function ownerAbsent({ plan }: Judged): RuleFinding[] {
  return nightDuties(plan).flatMap(({ role, owns }): RuleFinding[] => {
    const [first] = owns
    if (first === undefined || daysWithout(plan.people, role, night).length === 0) return []
    const who = availabilityText(holdersOf(plan.people, role))
    return [
      {
        level: 'warn',
        path: ['components', first, 'owner'],
        text: { key: 'plan.people.ownerAbsent', values: { role, components: owns.join(', '), who } },
        remedy: { key: 'plan.people.signoffAbsent.remedy', values: { role } },
        figures: { day: 0, components: owns },
      },
    ]
  })
}

/** Two roles of one gate that the same person alone can give: it is one pair of eyes, not two. */
function signsTwice({ people, gates }: Plan, gate: GateId, index: number): RuleFinding[] {
  const { signoffs } = gates[gate]
  const role = signoffs[index] ?? ''
  const name = onlyOne(people, role)
  const earlier = signoffs
    .slice(0, index)
    .find(other => name !== undefined && onlyOne(people, other) === name)
  if (name === undefined || earlier === undefined) return []
  return [
    {
      level: 'warn',
      path: ['gates', gate, 'signoffs', index],
      text: { key: 'plan.people.twice', values: { gate, name, first: earlier, second: role } },
      remedy: { key: 'plan.people.twice.remedy', values: { first: earlier, second: role } },
      figures: { roles: [earlier, role] },
    },
  ]
}

/** Two slots of the schedule at the same time for which there is one person. Work that goes on by itself leaves them free: a note. */
function atOnce({ plan, timed }: Judged): RuleFinding[] {
  const slots = timed.flatMap(work => {
    const name = work.owner === undefined ? undefined : onlyOne(plan.people, work.owner)
    return name === undefined || !takesTime(work) ? [] : [{ ...work, name }]
  })
  return slots.flatMap((slot, index) =>
    slots.slice(0, index).flatMap((earlier): RuleFinding[] => {
      const minutesBoth = Math.min(slot.when.endMinute, earlier.when.endMinute) - slot.when.startMinute
      if (earlier.name !== slot.name || minutesBoth <= 0) return []
      const both = minutes(minutesBoth * 60)
      return [
        {
          level: 'note',
          path: slot.path,
          text: {
            key: 'plan.people.atOnce',
            values: { name: slot.name, first: earlier.title, second: slot.title, both },
          },
          remedy: { key: 'plan.people.atOnce.remedy' },
          figures: { seconds: minutesBoth * 60 },
        },
      ]
    }),
  )
}

/** Said once for each role, at its person. Who is not there on the night is no deputy. */
function noDeputy({ plan }: Judged): RuleFinding[] {
  return nightDuties(plan).flatMap((duty): RuleFinding[] => {
    const there = onTheNight(plan.people, duty.role)
    const names = [...new Set(there.map(({ name }) => name))]
    const [name] = names
    if (name === undefined || names.length > 1) return []
    const person = there[0]
    return [
      {
        level: 'note',
        path: ['people', person === undefined ? 0 : plan.people.indexOf(person), 'role'],
        text: {
          key: 'plan.people.noDeputy',
          values: { name, role: duty.role, ...counts(duty) },
        },
        remedy: { key: 'plan.people.noDeputy.remedy', values: { role: duty.role } },
        figures: { gates: duty.signs, components: duty.owns },
      },
    ]
  })
}

const counts = ({ signs, owns }: NightDuty) => ({ gates: signs.length, components: owns.length })

/** Who signs or owns must be called in the night: by telephone. A mail address is for the calendar. */
function contact(judged: Judged): RuleFinding[] {
  const { plan, isUnknown } = judged
  const roles = nightDuties(plan).map(({ role }) => role)
  return plan.people.flatMap((person, index): RuleFinding[] => {
    if (!roles.includes(person.role)) return []
    const path = ['people', index, 'contact']
    const written = isUnknown(...path) ? '' : person.contact
    const [phone, mail] = [phoneNumberIn(written), mailAddressIn(written)]
    if (phone !== undefined && mail !== undefined) return []
    const values = { name: person.name, role: person.role }
    const figures = { phone: phone !== undefined, mail: mail !== undefined }
    if (phone !== undefined)
      return [
        {
          level: 'note',
          path,
          text: { key: 'plan.people.noMail', values },
          remedy: { key: 'plan.people.noMail.remedy' },
          figures,
        },
      ]
    return [
      {
        level: 'warn',
        path,
        text: { key: mail === undefined ? 'plan.people.unreachable' : 'plan.people.noPhone', values },
        remedy: { key: 'plan.people.noPhone.remedy' },
        figures,
      },
    ]
  })
}

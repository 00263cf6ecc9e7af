import { Temporal } from 'temporal-polyfill'
import { millisecondsOf } from './instant.ts'
import type { Person, Plan, Role } from './plan.ts'
import type { GateId } from './stage.ts'

/** Days relative to the day of the window: -14 is J-14, 7 is J+7. */
export type DayRange = { fromDay: number; untilDay: number }

/** `J-14`, `J`, `J+7`. */
export function dayName(day: number): string {
  if (day === 0) return 'J'
  return day > 0 ? `J+${day}` : `J${day}`
}

export const daysOf = ({ fromDay, untilDay }: DayRange): number[] =>
  Array.from({ length: untilDay - fromDay + 1 }, (_, index) => fromDay + index)

type Dated = Pick<Plan, 'zone' | 'window'>

/** The window as the plan has it; a run may have been let begin at another time. */
export function plannedWindow({ zone, window }: Dated): {
  start: Temporal.ZonedDateTime
  end: Temporal.ZonedDateTime
} {
  const start = Temporal.ZonedDateTime.from(`${window.start}[${zone}]`)
  return { start, end: start.add({ minutes: window.lengthMinutes }) }
}

/** The date of a day of the plan, in its zone. */
export const dateOfDay = (plan: Dated, day: number): Temporal.PlainDate =>
  plannedWindow(plan).start.toPlainDate().add({ days: day })

/** Which day of the plan an instant is, in its zone. */
export function dayOfInstant(plan: Dated, instant: string): number {
  const date = Temporal.Instant.fromEpochMilliseconds(millisecondsOf(instant))
    .toZonedDateTimeISO(plan.zone)
    .toPlainDate()
  return dateOfDay(plan, 0).until(date, { largestUnit: 'day' }).days
}

export const holdersOf = (people: readonly Person[], role: Role): Person[] =>
  people.filter(person => person.role === role)

export const isAvailable = ({ available }: Pick<Person, 'available'>, day: number): boolean =>
  available.fromDay <= day && day <= available.untilDay

/** The days of a range on which nobody of a role is available. */
export const daysWithout = (people: readonly Person[], role: Role, range: DayRange): number[] => {
  const holders = holdersOf(people, role)
  return daysOf(range).filter(day => !holders.some(person => isAvailable(person, day)))
}

/** Days that follow each other, as ranges: 1, 2, 3, 7 is J+1 to J+3 and J+7. */
export function rangesOf(days: readonly number[]): DayRange[] {
  const ranges: DayRange[] = []
  for (const day of days) {
    const last = ranges.at(-1)
    if (last?.untilDay === day - 1) last.untilDay = day
    else ranges.push({ fromDay: day, untilDay: day })
  }
  return ranges
}

/** Why a role is wanted in the night: gates it signs at, components it owns. */
export type NightDuty = { role: Role; signs: GateId[]; owns: string[] }

/** Of every role that the night asks for, in the order of the people. */
export function nightDuties({ people, gates, components }: Plan): NightDuty[] {
  const roles = [...new Set(people.map(person => person.role))]
  return roles
    .map(role => ({
      role,
      signs: gateIds.filter(gate => gates[gate].signoffs.includes(role)),
      owns: Object.values(components)
        .filter(component => component.owner === role)
        .map(component => component.id),
    }))
    .filter(({ signs, owns }) => signs.length + owns.length > 0)
}
const gateIds: readonly GateId[] = ['go', 'integrity', 'reopen']

/** Those of a contact line that look like one, e.g. `+33 6 39 98 01 01, a@b.example`. */
export function mailAddressIn(contact: string): string | undefined {
  return /[^\s,;:<>"()]+@[^\s,;:<>"()@]+\.[^\s,;:<>"()@.]+/.exec(contact)?.[0]
}
/** Six digits at least, with the signs that phone numbers are written with. */
export function phoneNumberIn(contact: string): string | undefined {
  const found = [...contact.matchAll(/\+?\d[\d\s().\-/]*\d/g)].map(([text]) => text)
  return found.find(text => text.replaceAll(/\D/g, '').length >= 6)
}

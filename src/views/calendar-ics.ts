import ical, {
  escape as escapeText,
  type ICalAttendeeScheduleAgent,
  type ICalEventData,
  ICalEventTransparency,
} from 'ical-generator'
import { Temporal } from 'temporal-polyfill'
import {
  dateOfDay,
  dayName,
  daysWithout,
  holdersOf,
  mailAddressIn,
  nightDuties,
  plannedWindow,
  rangesOf,
} from '../model/calendar.ts'
import { millisecondsOf } from '../model/instant.ts'
import type { DuePhase, Notice, Person, Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { vtimezone } from './vtimezone.ts'

type Say = (text: Text) => string
export type IcsFile = { name: string; text: string }

/** A calendar file for each human: the phases of their roles, and the window where it wants one of them. */
export function personFiles(plan: Plan, say: Say, now: string): IcsFile[] {
  const names = [...new Set(plan.people.map(({ name }) => name))]
  const files = fileNames(names)
  const duties = nightDuties(plan)
  return names.map((person, index) => {
    const roles = plan.people.filter(({ name }) => name === person).map(({ role }) => role)
    const events = [
      ...plan.phases.filter(phase => roles.includes(phase.owner)).map(phase => phaseEvent(plan, phase, say)),
      ...(duties.some(({ role }) => roles.includes(role)) ? [windowEvent(plan, say)] : []),
    ]
    return { name: files[index] ?? '', text: calendarText(`${plan.title}: ${person}`, events, plan, now) }
  })
}

/** Everybody's days in one file, and the notices, which are nobody's. */
export function wholeFile(plan: Plan, say: Say, now: string): string {
  const events = [
    windowEvent(plan, say),
    ...plan.phases.map(phase => phaseEvent(plan, phase, say)),
    ...plan.notices.map(notice => noticeEvent(plan, notice, say)),
  ]
  return calendarText(plan.title, events, plan, now)
}

function calendarText(title: string, events: ICalEventData[], plan: Plan, now: string): string {
  const { start, end } = plannedWindow(plan)
  const at = millisecondsOf(now)
  // No zone of its own: the library would then write the stamp of each event in it, where the format wants UTC.
  const calendar = ical({
    name: escapeText(title, false),
    prodId: { company: 'Bascule', product: 'calendar', language: 'EN' },
    timezone: { name: null, generator: () => vtimezone(start, end) },
  })
  for (const event of events) {
    calendar.createEvent({
      ...event,
      stamp: Temporal.Instant.fromEpochMilliseconds(at),
      // Grows with time, so that what is imported later counts; minutes still fit 32 bits for millennia.
      sequence: Math.floor(at / 60_000),
    })
  }
  return `${calendar.toString()}\r\n`
}

/** The same in every file and in every later one: calendars know an event again by it. */
const uid = (plan: Plan, what: 'window' | 'phase' | 'notice', id: string): string =>
  `${what}.${id}.${plan.name}@bascule`

function windowEvent(plan: Plan, say: Say): ICalEventData {
  const { start, end } = plannedWindow(plan)
  const duties = nightDuties(plan)
  const told = duties.map(({ role, signs, owns }) => {
    const names = holdersOf(plan.people, role).map(({ name }) => name)
    const does = [
      ...(signs.length > 0
        ? [say({ key: 'views.calendar.signs', values: { gates: signs.join(', ') } })]
        : []),
      ...(owns.length > 0
        ? [say({ key: 'views.calendar.owns', values: { components: owns.join(', ') } })]
        : []),
    ]
    return `${role} (${names.join(', ')}): ${does.join('; ')}`
  })
  return {
    id: uid(plan, 'window', 'night'),
    summary: say({ key: 'views.calendar.windowSummary', values: { title: plan.title } }),
    description: told.join('\n'),
    start,
    end,
    timezone: zoneOf(start, end),
    attendees: attendeesOf(plan.people.filter(({ role }) => duties.some(duty => duty.role === role))),
  }
}

/** None, so that the time is written in UTC, where a clock time comes twice and the second is meant: a zone's name does not say which. */
function zoneOf(...times: Temporal.ZonedDateTime[]): string | null {
  const isFirst = (time: Temporal.ZonedDateTime) =>
    time.toPlainDateTime().toZonedDateTime(time.timeZoneId).epochMilliseconds === time.epochMilliseconds
  return times.every(isFirst) ? (times[0]?.timeZoneId ?? null) : null
}

function phaseEvent(plan: Plan, phase: DuePhase, say: Say): ICalEventData {
  const holders = holdersOf(plan.people, phase.owner)
  const without = rangesOf(daysWithout(plan.people, phase.owner, phase))
  const days = without.map(({ fromDay, untilDay }) =>
    fromDay === untilDay ? dayName(fromDay) : `${dayName(fromDay)} – ${dayName(untilDay)}`,
  )
  return {
    ...allDay(plan, phase.fromDay, phase.untilDay),
    id: uid(plan, 'phase', phase.id),
    summary: phase.title,
    description: [
      `${phase.owner}: ${holders.map(({ name }) => name).join(', ')}`,
      ...(days.length > 0
        ? [
            say({
              key: 'views.calendar.nobodyOn',
              values: { role: phase.owner, days: days.join(', ') },
            }),
          ]
        : []),
    ].join('\n'),
    attendees: attendeesOf(holders),
  }
}

function noticeEvent(plan: Plan, { id, day, to, subject }: Notice, say: Say): ICalEventData {
  return {
    ...allDay(plan, day, day),
    id: uid(plan, 'notice', id),
    summary: say({ key: 'views.calendar.notice', values: { to, subject } }),
  }
}

/** The end is the first day after it. It takes nobody's time: who looks for a free hour still finds one. */
const allDay = (plan: Plan, fromDay: number, untilDay: number) => ({
  start: dateOfDay(plan, fromDay),
  end: dateOfDay(plan, untilDay + 1),
  allDay: true,
  transparency: ICalEventTransparency.TRANSPARENT,
})

/** Only who has a mail address can be one. No server is to write to them: the file is for importing. */
function attendeesOf(people: readonly Person[]) {
  const byMail = new Map(
    people.flatMap(({ name, contact }) => {
      const email = mailAddressIn(contact)
      return email === undefined ? [] : [[email, name] as const]
    }),
  )
  return [...byMail].map(([email, name]) => ({
    email,
    name,
    scheduleAgent: 'NONE' as ICalAttendeeScheduleAgent,
  }))
}

/** `Hélène Castan` is helene-castan.ics. Nothing of a name can lead to another folder. */
function fileNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map(name => {
    const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
    const slug = plain.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '') || 'person'
    const free =
      [slug, ...names.map((_, index) => `${slug}-${index + 2}`)].find(one => !taken.has(one)) ?? slug
    taken.add(free)
    return `${free}.ics`
  })
}

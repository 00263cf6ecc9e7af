import {
  type DayRange,
  dateOfDay,
  dayOfInstant,
  daysOf,
  daysWithout,
  isAvailable,
  plannedWindow,
} from '../model/calendar.ts'
import type { DuePhase, Notice, Person, Plan, Role } from '../model/plan.ts'
import type { History } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import { successOutcome } from '../run/decide.ts'

/**
 * Where a phase or notice stands on the day asked for. `done`: the journal holds the run that the phase names. `late`: it names one,
 * its last day has passed, and there is no such run. `past`: its last day has passed, and nothing tells whether it was done.
 */
export type DueState =
  | { is: 'done'; at: string; run: RunMode }
  | { is: 'ahead'; inDays: number }
  | { is: 'due' }
  | { is: 'late'; days: number }
  | { is: 'past' }

export type CalendarPhase = DuePhase & {
  state: DueState
  people: string[]
  /** Days of the phase on which nobody of its role is available. */
  unattended: number[]
}
export type CalendarNotice = Pick<Notice, 'id' | 'day' | 'to' | 'subject'> & { state: DueState }
/** One human, whatever roles they have. */
export type CalendarPerson = { name: string; duties: string[]; available: (DayRange & { role: Role })[] }
export type CalendarDay = {
  day: number
  date: string
  /** 1 is Monday. */
  weekday: number
  phases: string[]
  notices: string[]
  away: string[]
}
export type Calendar = {
  plan: string
  title: string
  zone: string
  /** Instants. */
  window: { start: string; end: string }
  today: { day: number; date: string }
  days: CalendarDay[]
  phases: CalendarPhase[]
  notices: CalendarNotice[]
  people: CalendarPerson[]
  /** What is said of the day asked for: ids, and names. A notice is never late: nothing tells whether it was sent. */
  due: { phases: string[]; notices: string[] }
  late: string[]
  away: string[]
}

/** From two weeks before to one after; farther where a phase or a notice is. */
const usual: DayRange = { fromDay: -14, untilDay: 7 }

/** The plan's days as people need them. `today`: a day of the plan. Pure. */
export function calendarOf(plan: Plan, history: Pick<History, 'runs'>, today: number): Calendar {
  const phases = plan.phases.map((phase): CalendarPhase => {
    const names = plan.people.filter(({ role }) => role === phase.owner).map(({ name }) => name)
    const unattended = daysWithout(plan.people, phase.owner, phase)
    return { ...phase, state: phaseState(phase, history, today), people: [...new Set(names)], unattended }
  })
  const notices = plan.notices.map(({ id, day, to, subject }) => {
    const state = stateOnDay({ fromDay: day, untilDay: day }, today)
    return { id, day, to, subject, state }
  })
  const people = peopleOf(plan.people)
  const away = (day: number) =>
    people.filter(one => !one.available.some(available => isAvailable({ available }, day)))
  const window = plannedWindow(plan)
  const idsOf = (items: readonly { id: string; state: DueState }[], state: DueState['is']) =>
    items.filter(item => item.state.is === state).map(({ id }) => id)
  return {
    plan: plan.name,
    title: plan.title,
    zone: plan.zone,
    window: { start: window.start.toInstant().toString(), end: window.end.toInstant().toString() },
    today: { day: today, date: dateOfDay(plan, today).toString() },
    days: daysOf(shownRange(plan)).map(day => {
      const date = dateOfDay(plan, day)
      return {
        day,
        date: date.toString(),
        weekday: date.dayOfWeek,
        phases: phases.filter(phase => isAvailable({ available: phase }, day)).map(({ id }) => id),
        notices: notices.filter(notice => notice.day === day).map(({ id }) => id),
        away: away(day).map(({ name }) => name),
      }
    }),
    phases,
    notices,
    people,
    due: { phases: idsOf(phases, 'due'), notices: idsOf(notices, 'due') },
    late: idsOf(phases, 'late'),
    away: away(today).map(({ name }) => name),
  }
}

/** Which day of the plan it is, where no day is asked for. */
export const todayOf = (plan: Plan, now: string): number => dayOfInstant(plan, now)

function shownRange({ phases, notices }: Plan): DayRange {
  const days = notices.map(({ day }) => day)
  return {
    fromDay: Math.min(usual.fromDay, ...phases.map(({ fromDay }) => fromDay), ...days),
    untilDay: Math.max(usual.untilDay, ...phases.map(({ untilDay }) => untilDay), ...days),
  }
}

function peopleOf(people: readonly Person[]): CalendarPerson[] {
  const names = [...new Set(people.map(({ name }) => name))]
  return names.map(name => {
    const own = people.filter(person => person.name === name)
    return {
      name,
      duties: [...new Set(own.map(({ duties }) => duties).filter(Boolean))],
      available: own.map(({ role, available }) => ({ role, ...available })),
    }
  })
}

function phaseState(phase: DuePhase, { runs }: Pick<History, 'runs'>, today: number): DueState {
  if (phase.run === undefined) return stateOnDay(phase, today)
  const last = runs.findLast(run => run.mode === phase.run && run.finishedAt !== undefined)
  if (last?.finishedAt !== undefined && last.outcome === successOutcome[phase.run])
    return { is: 'done', at: last.finishedAt, run: phase.run }
  const state = stateOnDay(phase, today)
  return state.is === 'past' ? { is: 'late', days: today - phase.untilDay } : state
}

function stateOnDay({ fromDay, untilDay }: DayRange, today: number): DueState {
  if (today < fromDay) return { is: 'ahead', inDays: fromDay - today }
  return today > untilDay ? { is: 'past' } : { is: 'due' }
}

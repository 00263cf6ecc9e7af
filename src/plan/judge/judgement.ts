import type { JsonObject } from '../../model/json.ts'
import type { Kind, MeasureMeaning } from '../../model/kind.ts'
import type { CheckSpec, Component, Plan } from '../../model/plan.ts'
import { type RoleLookup, rolesOf } from '../../model/roles.ts'
import type { SizeBytes, Slot, SlotTime, Work } from '../../model/schedule.ts'
import type { Text } from '../../model/text.ts'
import type { Edit } from '../edits/edit.ts'
import type { Path } from '../error.ts'
import { pathText } from '../error.ts'

/** `note`: nothing is wrong, and worth a thought. `warn`: right only if somebody knows better. `block`: as written, it cannot work or loses data. */
export type RuleLevel = 'note' | 'warn' | 'block'
/** `path`: where in the plan. `figures`: those of the sentence, in bytes, seconds and bytes per second. */
export type RuleFinding = { level: RuleLevel; path: Path; text: Text; remedy: Text; figures: JsonObject }
/**
 * A rule over a plan that can be read. Pure, and knows no kind by name. `window`: what it blocks is that the window is long enough.
 * `repair`: what would put a finding right; absent where people have to decide.
 */
export type JudgeRule = {
  id: string
  window?: true
  judge(judged: Judged): RuleFinding[]
  repair?: Repair
}
/** Ways to put a finding right, each tried by itself. `say` gives the titles that it writes into the plan. */
export type Repair = (judged: Judged, finding: RuleFinding, say: (text: Text) => string) => Proposal[]
/** `text`: what the edits do, for people. */
export type Proposal = { text: Text; edits: Edit[] }

/** What is planned, with a time or in days. */
export type PlannedWork = Omit<Slot, 'time'> & {
  path: Path
  when: SlotTime | { is: 'days'; fromDay: number; untilDay: number }
}
export type TimedWork = PlannedWork & { when: Extract<SlotTime, { is: 'timed' }> }
export type DatedWork = PlannedWork & { when: { is: 'days'; fromDay: number; untilDay: number } }

export type Judged = {
  plan: Plan
  /** ISO instant. Absent: the plan is judged for itself, whatever the day. */
  now?: string
  kinds: Record<string, Kind>
  roles: RoleLookup
  works: PlannedWork[]
  /** With a time, by their start; those at other days are among them. */
  timed: TimedWork[]
  dated: DatedWork[]
  /** True where the plan says `?`. */
  isUnknown(...path: Path): boolean
  unknown: Path[]
}

export function judgedOf(
  plan: Plan,
  kinds: Record<string, Kind>,
  unknown: Path[],
  now: string | undefined,
): Judged {
  const unsaid = new Set(unknown.map(pathText))
  const works = worksOf(plan)
  return {
    plan,
    ...(now !== undefined && { now }),
    kinds,
    roles: rolesOf(plan, kinds, {}),
    works,
    timed: works
      .filter((work): work is TimedWork => work.when.is === 'timed')
      .toSorted((one, other) => one.when.startMinute - other.when.startMinute),
    dated: works.filter((work): work is DatedWork => work.when.is === 'days'),
    isUnknown: (...path) => unsaid.has(pathText(path)),
    unknown,
  }
}

function worksOf({ schedule = [], phases }: Plan): PlannedWork[] {
  const slots = schedule.map(({ time, ...slot }) => ({ ...slot, path: ['schedule', slot.id], when: time }))
  const days = phases.flatMap(({ work, components = [], fromDay, untilDay, ...phase }): PlannedWork[] =>
    work === undefined
      ? []
      : [{ ...phase, work, components, path: ['phases', phase.id], when: { is: 'days', fromDay, untilDay } }],
  )
  return [...days, ...slots]
}

/** Users coming back is an instant: what is left after it in the window is free. */
export const takesTime = ({ work }: PlannedWork): boolean => work !== 'reopen'

/** The work of these kinds that is about a component, in the order of `works`. */
export const worksOn = <One extends PlannedWork>(
  works: readonly One[],
  component: string,
  ...wanted: Work[]
): One[] => works.filter(({ work, components }) => wanted.includes(work) && components.includes(component))

/** The checks of a component whose measure tells this. Those without a figure are among them. */
export function checksTelling(
  { plan, kinds }: Judged,
  meaning: MeasureMeaning,
  component?: string,
): CheckSpec[] {
  return Object.values(plan.checks).filter(check => {
    const measures = kinds[plan.components[check.component]?.kind ?? '']?.measures
    const isOf = component === undefined || check.component === component
    return isOf && measures?.[check.measure]?.tells === meaning
  })
}

/** Whether the component's kind can measure this at all. */
export const canTell = ({ kinds }: Judged, { kind }: Component, meaning: MeasureMeaning): boolean =>
  Object.values(kinds[kind]?.measures ?? {}).some(({ tells }) => tells === meaning)

/** Bytes of all the components whose size is declared; undefined when none is. */
export function declaredBytes({ plan }: Judged, components: readonly string[]): SizeBytes | undefined {
  const sizes = components.flatMap(id => plan.components[id]?.declaredSizeBytes ?? [])
  return sizes.length === 0 ? undefined : sumOf(sizes)
}

export const sumOf = (sizes: readonly SizeBytes[]): SizeBytes => ({
  from: sizes.reduce((sum, { from }) => sum + from, 0),
  to: sizes.reduce((sum, { to }) => sum + to, 0),
})

export const titlesOf = ({ plan }: Judged, components: readonly string[]): string =>
  components.map(id => plan.components[id]?.title ?? id).join(', ')

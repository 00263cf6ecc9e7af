import { secondsBetween } from '../model/instant.ts'
import type { Plan } from '../model/plan.ts'
import type { ReturnPathSeen } from '../model/return-path.ts'
import type { RepairState, Run, StepState } from '../model/run.ts'
import type { Runbook } from '../model/step.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { stepState } from '../run/fold-step.ts'
import { returnPathSteps, withoutReturnPath } from '../run/return-path.ts'
import type { Formatter } from './formatter.ts'
import { type Line, span } from './lines.ts'

/** A component's return path as it was last seen. Nothing was seen yet where `at` is absent. */
export type ReturnPathRow = {
  component: string
  title: string
  /** `none`: its component has none at all. */
  state: ReturnPathSeen['state'] | 'unseen' | 'none'
  at?: string
  since?: string
  ageSeconds?: number
  bytesBehind?: number | null
  secondsBehind?: number | null
  /** What the target's death would lose. As of `at`, which may be long ago. */
  loss?: string
  why?: string
  /** Whether commits at the target wait for the source. Absent: they never do. */
  commits?: ReturnPathSeen['commits'] & string
  repair?: RepairState['status']
}

type Seen = { plan: Plan; runbook: Runbook; run?: Run; now: string }

/** Empty before users have returned at the target, and once a rollback has begun. */
export function returnPathRows({ plan, runbook, run, now }: Seen, formatter: Formatter): ReturnPathRow[] {
  if (run === undefined) return []
  const titleOf = (component: string): string => plan.components[component]?.title ?? component
  const lacking = withoutReturnPath(runbook, run).map(
    (component): ReturnPathRow => ({ component, title: titleOf(component), state: 'none' }),
  )
  const made = returnPathSteps(runbook, run).map(({ component }): ReturnPathRow => {
    const title = titleOf(component)
    const repair = run.repair?.components[component]?.status
    const known = { component, title, ...(repair && { repair }) }
    const seen = run.returnPaths[component]
    if (seen === undefined) return { ...known, state: 'unseen' }
    const { state, at, since, bytesBehind, secondsBehind, commits, why } = seen
    const ageSeconds = Math.max(0, secondsBetween(at, now))
    return {
      ...known,
      ...{ state, at, since, ageSeconds, bytesBehind, secondsBehind, loss: lossText(seen, formatter) },
      ...(commits && { commits }),
      ...(why && { why: formatter.say(why) }),
    }
  })
  return [...made, ...lacking]
}

function lossText(seen: ReturnPathSeen, formatter: Formatter): string {
  const { bytesBehind, secondsBehind } = seen
  if (seen.commits === 'both') return formatter.say({ key: 'views.returnPath.noneAcknowledged' })
  if (bytesBehind === 0 && secondsBehind === 0) return formatter.say({ key: 'views.returnPath.nothing' })
  const atStake = formatter.say(seen.atStake)
  if (bytesBehind === null) return formatter.say({ key: 'views.returnPath.lossUnknown', values: { atStake } })
  const values = { bytes: formatter.bytes(bytesBehind), atStake }
  if (secondsBehind === null) return formatter.say({ key: 'views.returnPath.lossOfBytes', values })
  const seconds = formatter.duration(Math.round(secondsBehind * 10) / 10)
  return formatter.say({ key: 'views.returnPath.lossOf', values: { ...values, seconds } })
}

/** Twice the longest interval between two looks: older than this nobody looks any more, and what would be lost now is unknown. */
const oldSeconds = 600

/** `watching`: the line that has it looked at. */
export function returnPathLines(
  rows: readonly ReturnPathRow[],
  formatter: Formatter,
  watching: string,
): Line[] {
  return rows.flatMap(row => rowLines(row, formatter, watching))
}

function rowLines(row: ReturnPathRow, formatter: Formatter, command: string): Line[] {
  const { title, state, since = '', ageSeconds = 0, loss = '', why = '', commits, repair } = row
  if (state === 'none')
    return [[span(formatter.say({ key: 'views.returnPath.none', values: { title } }), 'warn')]]
  if (state === 'unseen')
    return [[span(formatter.say({ key: 'views.returnPath.unseen', values: { title, command } }), 'warn')]]
  const values = {
    ...{ title, why, since: formatter.clock(since) },
    age: formatter.duration(Math.round(ageSeconds)),
  }
  const isOld = ageSeconds > oldSeconds
  const style = state === 'good' ? 'dim' : 'bad'
  const lines: Line[] = [
    state === 'good'
      ? [span(formatter.say({ key: goodKeys[isOld ? 'old' : 'now'], values }), isOld ? 'warn' : 'good')]
      : [span(formatter.say({ key: badKeys[state], values }), 'bad')],
    isOld
      ? [span(formatter.say({ key: 'views.returnPath.asOf', values }), 'warn')]
      : [span(formatter.say({ key: lossKey(row, state), values: { loss } }), style)],
  ]
  if (commits === 'waiting') lines.push([span(formatter.say({ key: 'views.returnPath.commitsWait' }), 'bad')])
  if (repair === 'running') lines.push([span(formatter.say({ key: 'views.returnPath.repairing', values }))])
  if (isOld)
    lines.push([span(formatter.say({ key: 'views.returnPath.old', values: { title, command } }), 'warn')])
  return lines
}

const lossKey = ({ commits }: ReturnPathRow, state: ReturnPathSeen['state']): MessageKey =>
  state === 'good' && commits === 'both' ? 'views.returnPath.rpoBoth' : lossKeys[state]

const goodKeys = { now: 'views.returnPath.good', old: 'views.returnPath.goodThen' } as const
const lossKeys = {
  good: 'views.returnPath.rpo',
  behind: 'views.returnPath.lossBehind',
  broken: 'views.returnPath.loss',
} as const
const badKeys = { behind: 'views.returnPath.behind', broken: 'views.returnPath.broken' } as const

/** What ends when the source is given up: until when each return path is known to have worked, and what it did not have by then. */
export function endingReturnPathLines(
  { plan, runbook, run }: Omit<Seen, 'now'>,
  formatter: Formatter,
): Line[] {
  if (run === undefined) return []
  return runbook.steps.flatMap(({ id, component, makesReturnPath }): Line[] => {
    if (makesReturnPath === undefined) return []
    const title = plan.components[component]?.title ?? component
    const texts = endTexts(title, stepState(run, id), run.returnPaths[component], formatter)
    return texts.map(text => [span(formatter.say(text), 'bad')])
  })
}

function endTexts(
  title: string,
  { status, endedAt }: StepState,
  seen: Run['returnPaths'][string] | undefined,
  formatter: Formatter,
): Text[] {
  if (status !== 'done' || endedAt === undefined)
    return [{ key: 'views.returnPath.neverMade', values: { title } }]
  const values = { title, at: formatter.clock(seen?.at ?? endedAt) }
  if (seen === undefined) return [{ key: 'views.returnPath.endsUnseen', values }]
  return [
    { key: endKeys[seen.state], values },
    { key: 'views.returnPath.notBack', values: { loss: lossText(seen, formatter) } },
  ]
}

const endKeys = {
  good: 'views.returnPath.ends',
  behind: 'views.returnPath.endsBehind',
  broken: 'views.returnPath.endsBroken',
} as const

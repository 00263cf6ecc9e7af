import type { RunMode } from '../model/step.ts'
import { statusJson } from '../views/json.ts'
import { type Line, span } from '../views/lines.ts'
import { type Pace, paceSince } from '../views/pace.ts'
import type { Picture } from '../views/picture.ts'
import { status as statusOf } from '../views/status.ts'
import { statusLines } from '../views/status-lines.ts'
import type { Desk } from './desk.ts'
import { isExecuting } from './executor.ts'
import { type Migration, openMigration } from './migration.ts'
import { nextVerb } from './next-verb.ts'
import { pictureOf } from './picture.ts'
import { type Records, readProgress, readRecords } from './records.ts'
import { textOption, type Verb } from './verb.ts'

export const modes = ['prepare', 'rehearsal', 'live', 'close'] as const

/** Where the migration stands, from the journal alone: reads, changes nothing, asks no host. */
export const status: Verb = {
  name: 'status',
  group: 'look',
  options: [{ flags: '--all' }, { flags: '--mode <mode>', choices: modes }],
  async run(desk, call) {
    const migration = await openMigration(desk)
    const records = readRecords(migration.stateDirectory)
    const next = `${desk.typed} ${nextVerb(records.history)}`
    if (Object.keys(records.history.facts).length === 0) return nothingKnown(desk, migration, next)
    const mode = (textOption(call, 'mode') as RunMode | undefined) ?? lastMode(records)
    const executing = isExecuting(migration.stateDirectory)
    const picture = pictureOf({ ...migration, ...records, mode, typed: desk.typed, now: now(), executing })
    const seen = { ...picture, paces: pacesOf(picture, migration.stateDirectory) }
    const view = statusOf(seen, migration.voice)
    desk.print([
      ...statusLines(seen, migration.voice, { all: call.options.all === true }),
      ...nextLine(desk, next),
    ])
    desk.json({ plan: migration.plan.name, ...statusJson(view, migration.voice), executing, next })
    return undefined
  },
}

/** As the program that carries the run out told it last; of steps that run. */
function pacesOf({ run }: Picture, stateDirectory: string): Record<string, Pace> {
  if (!run) return {}
  const told = Object.entries(readProgress(stateDirectory, run.id))
  return Object.fromEntries(
    told.flatMap(([step, { at, ...progress }]) => {
      const { startedAt, status: state } = run.steps[step] ?? {}
      if (startedAt === undefined || state !== 'running' || at < startedAt) return []
      return [[step, paceSince(startedAt, progress, at)]]
    }),
  )
}

export const now = (): string => new Date().toISOString()

/** The mode of the last run; before any, the one that everything leads to. */
export function lastMode({ history }: Records): RunMode {
  return history.runs.at(-1)?.mode ?? 'live'
}

function nothingKnown(desk: Desk, { plan, voice }: Migration, next: string): undefined {
  const text = { key: 'cli.status.nothing', values: { title: plan.title } }
  desk.print([[span(voice.say(text))], ...nextLine(desk, next)])
  desk.json({ plan: plan.name, state: 'not-started', executing: false, next })
  return undefined
}

function nextLine(desk: Desk, next: string): Line[] {
  return [[], [span(desk.say({ key: 'cli.status.next' })), span(` ${next}`, 'active')]]
}

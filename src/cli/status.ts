import type { RunMode } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { statusJson } from '../views/json.ts'
import { type Line, span } from '../views/lines.ts'
import type { RunView } from '../views/run-view.ts'
import { status as statusOf } from '../views/status.ts'
import { statusLines } from '../views/status-lines.ts'
import { paceSince, type StepProgress } from '../views/step-progress.ts'
import type { CommandContext } from './command-context.ts'
import { isExecuting } from './executor.ts'
import { type Migration, openMigration } from './migration.ts'
import { nextVerb } from './next-verb.ts'
import { runViewOf } from './run-view.ts'
import { readProgress, readRecords, type StoredRuns } from './stored-runs.ts'
import { textOption, type Verb } from './verb.ts'

export const modes = ['preparation', 'rehearsal', 'live', 'close'] as const

/** Where the migration stands, from the journal alone: reads, changes nothing, asks no host. */
export const status: Verb = {
  name: 'status',
  group: 'look',
  options: [{ flags: '--all' }, { flags: '--mode <mode>', choices: modes }],
  async run(context, call) {
    const migration = await openMigration(context)
    const records = readRecords(migration.stateDirectory)
    const next = `${context.commandPrefix} ${nextVerb(records.history)}`
    if (Object.keys(records.history.facts).length === 0) return nothingKnown(context, migration, next)
    const mode = (textOption(call, 'mode') as RunMode | undefined) ?? lastMode(records)
    const executing = isExecuting(migration.stateDirectory)
    const runView = runViewOf({
      ...migration,
      ...records,
      mode,
      typed: context.commandPrefix,
      now: now(),
      executing,
    })
    const seen = { ...runView, progress: pacesOf(runView, migration.stateDirectory) }
    const view = statusOf(seen, migration.formatter)
    context.print([
      ...statusLines(seen, migration.formatter, { all: call.options.all === true }),
      ...nextLine(context, next),
    ])
    context.json({ plan: migration.plan.name, ...statusJson(view, migration.formatter), executing, next })
    return undefined
  },
}

/** As the program that carries the run out told it last; of steps that run. */
function pacesOf({ run }: RunView, stateDirectory: string): Record<string, StepProgress> {
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
export function lastMode({ history }: StoredRuns): RunMode {
  return history.runs.at(-1)?.mode ?? 'live'
}

function nothingKnown(context: CommandContext, { plan, formatter }: Migration, next: string): undefined {
  const text: Text = { key: 'cli.status.nothing', values: { title: plan.title } }
  context.print([[span(formatter.say(text))], ...nextLine(context, next)])
  context.json({ plan: plan.name, state: 'not-started', executing: false, next })
  return undefined
}

function nextLine(context: CommandContext, next: string): Line[] {
  return [[], [span(context.say({ key: 'cli.status.next' })), span(` ${next}`, 'active')]]
}

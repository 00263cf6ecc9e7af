import { residualsIn } from '../forecast/residuals.ts'
import type { OrderRecord } from '../model/event.ts'
import { now } from '../model/instant.ts'
import { rolesOf } from '../model/roles.ts'
import type { History, Run } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import type { Text } from '../model/text.ts'
import { isExecuting } from '../run/executing.ts'
import { nightToWatch } from '../run/look-back.ts'
import { halfSignedOrders, storedOrders } from '../run/orders.ts'
import { runbookOf } from '../run/recorded.ts'
import { returnPathInTheWay } from '../run/return-path.ts'
import { isHalfSigned } from '../run/signatures.ts'
import { readProgress, type StoredRuns } from '../run/stored-runs.ts'
import { statusJson } from '../views/json.ts'
import { type Line, span } from '../views/lines.ts'
import { nextVerb } from '../views/next-verb.ts'
import { orderText } from '../views/orders.ts'
import { lastRunOf, type RunView, runViewOf } from '../views/run-view.ts'
import { status as statusOf } from '../views/status.ts'
import { statusLines } from '../views/status-lines.ts'
import { progressSince, type StepProgress } from '../views/step-progress.ts'
import type { CommandContext } from './command-context.ts'
import { waitsForSignature } from './give-order.ts'
import { type Migration, openStored } from './migration.ts'
import { textOption, type Verb } from './verb.ts'
import { exitCodeFor } from './watch.ts'

export const modes = ['preparation', 'rehearsal', 'live', 'close'] as const

/** Where the migration stands, from the journal alone: reads, changes nothing, asks no host. */
export const status: Verb = {
  name: 'status',
  group: 'look',
  summary: 'cli.status.summary',
  examples: 'cli.status.examples',
  options: [
    { flags: '--all', text: 'cli.status.option.all' },
    { flags: '--mode', value: 'mode', text: 'cli.option.mode', choices: modes },
  ],
  async run(context, call) {
    const asked = textOption(call, 'mode') as RunMode | undefined
    const migration = await openStored(context, history => lastRunOf(history, asked ?? lastMode({ history })))
    const { records } = migration
    const executing = isExecuting(migration.stateDirectory)
    const verb = nextVerb(records.history, executing)
    const next = nextCommand(context, records.history, verb)
    if (Object.keys(records.history.facts).length === 0) return nothingKnown(context, migration, next)
    const mode = asked ?? lastMode(records)
    const runView = runViewOf({
      kinds: migration.kinds,
      plan: migration.today ?? migration.plan,
      history: records.history,
      residuals: residualsIn(records.entries, migration.kinds),
      mode,
      now: now(),
      executing,
    })
    const seen = { ...runView, progress: progressByStep(runView, migration.stateDirectory) }
    const view = statusOf(seen, migration.formatter)
    const ordersStored = runView.run ? waitingOrders(migration, runView.run) : []
    const isSaid = view.waiting.some(({ orders }) => orders.map(context.typed).includes(next))
    context.print([
      ...statusLines(seen, migration.formatter, { all: call.options.all === true, typed: context.typed }),
      ...storedLines(context, ordersStored, executing, migration),
      // what people can type stands above; to look again is no news to who has just looked
      ...(isSaid || (verb === 'status' && view.waiting.length > 0) ? [] : nextLine(context, next)),
    ])
    const document = statusJson(view, migration.formatter, context.typed)
    context.json({ plan: migration.plan.name, ...document, ordersStored, executing, next })
    return exitCodeFor(view.returnPaths)
  },
}

/** What no program has judged, and what waits for a second signature. */
function waitingOrders({ stateDirectory }: Migration, run: Run): OrderRecord[] {
  const whole = storedOrders(stateDirectory, run).filter(record => !isHalfSigned(record))
  return [...whole, ...halfSignedOrders(stateDirectory, run)]
}

function storedLines(
  context: CommandContext,
  stored: readonly OrderRecord[],
  executing: boolean,
  { formatter }: Migration,
): Line[] {
  return stored.map(record => {
    const { order, by, at } = record
    const values = { order: orderText(order), by, at: formatter.clock(at) }
    const text: Text = isHalfSigned(record)
      ? waitsForSignature(context, record, formatter)
      : { key: executing ? 'cli.order.unjudged' : 'cli.order.waits', values }
    return [span('  '), span(formatter.say(text), 'warn')]
  })
}

/** A broken return path comes first: as long as it is, nothing leads back. */
function nextCommand(context: CommandContext, history: History, verb: string): string {
  const night = nightToWatch(history)
  const seen = night && returnPathInTheWay(runbookOf(history, night), night)?.seen
  return seen?.state === 'broken'
    ? context.typed({ do: 'repair-return-path', reason: '' })
    : `${context.commandPrefix} ${verb}`
}

/** As the program that carries the run out told it last; of steps that run. */
function progressByStep({ run }: RunView, stateDirectory: string): Record<string, StepProgress> {
  if (!run) return {}
  const told = Object.entries(readProgress(stateDirectory, run.id))
  return Object.fromEntries(
    told.flatMap(([step, { at, ...progress }]) => {
      const { startedAt, status: state } = run.steps[step] ?? {}
      if (startedAt === undefined || state !== 'running' || at < startedAt) return []
      return [[step, progressSince(startedAt, progress, at)]]
    }),
  )
}

/** The mode of the last run; before any, the one that everything leads to. */
export function lastMode({ history }: Pick<StoredRuns, 'history'>): RunMode {
  return history.runs.at(-1)?.mode ?? 'live'
}

function nothingKnown(
  context: CommandContext,
  { plan, kinds, formatter }: Migration,
  next: string,
): undefined {
  const text: Text = { key: 'cli.status.nothing', values: { title: plan.title } }
  const keeper = rolesOf(plan, kinds, {})('journalCopies').flatMap(({ value }) => value.places)[0]
  const key = keeper ? 'cli.status.elsewhere' : 'cli.status.elsewhereNoCopy'
  const verb = keeper ? `takeover --from ${keeper.host}` : 'journal restore FILE'
  const elsewhere = context.say({ key, values: { command: `${context.commandPrefix} ${verb}` } })
  context.print([[span(formatter.say(text))], ...nextLine(context, next), [span(elsewhere)]])
  context.json({ plan: plan.name, state: 'not-started', executing: false, next })
  return undefined
}

function nextLine(context: CommandContext, next: string): Line[] {
  return [[], [span(context.say({ key: 'cli.status.next' })), span(` ${next}`, 'active')]]
}

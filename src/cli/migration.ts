import { resolve } from 'node:path'
import { exitCodes, Failure } from '../model/failure.ts'
import type { CallObserver } from '../model/host-call.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { History, Run } from '../model/run.ts'
import type { MessageKey } from '../model/text.ts'
import { openPlan, PlanRefused } from '../plan/load.ts'
import { planName } from '../plan/name.ts'
import { planDifferences } from '../run/plan-differences.ts'
import { lastPlan, planOf } from '../run/recorded.ts'
import { isStateFileDamaged, stateFile } from '../run/state-format.ts'
import { journalFile, readRecords, type StoredRuns, storedMigrations } from '../run/stored-runs.ts'
import type { Formatter } from '../views/formatter.ts'
import { span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { observeCalls } from './observe-calls.ts'
import { stateDirectory, stateHome } from './state.ts'

/** What a verb that is about one migration starts from. */
export type Migration = {
  plan: Plan
  kinds: Record<string, Kind>
  stateDirectory: string
  formatter: Formatter
  /** Told of what is done at the hosts, where that was asked for. */
  onCall?: CallObserver
}
/** `plan`: the one that the journal holds; `today`: what the plan file says, when it can be read. */
export type StoredMigration = Migration & { records: StoredRuns; today?: Plan }

/** From the plan file, to begin something new. Throws PlanRefused (exit code 2) with every error in it. */
export async function openMigration(
  context: CommandContext,
  files: readonly string[] = planFiles(context),
): Promise<Migration> {
  const kinds = await context.kinds()
  const plan = await openPlan([...files], kinds)
  return {
    plan,
    kinds,
    stateDirectory: stateDirectory(context, plan.name),
    formatter: context.formatter(plan),
    ...observeCalls(context, plan),
  }
}

/**
 * From the journal alone, for whatever goes on with what has begun, goes back, or looks: the plan is that of the run that
 * `pick` gives (the last one). The plan file says which migration is meant, as long as it can; what differs in it is told in
 * one line and changes nothing. Before anything is in the journal the plan is the file's. Throws Failure.
 */
export async function openStored(
  context: CommandContext,
  pick: (history: History) => Run | undefined = history => history.runs.at(-1),
): Promise<StoredMigration> {
  const kinds = await context.kinds()
  const today = await todaysPlan(context, kinds)
  const directory = storedDirectory(context, today)
  const records = readRecords(directory)
  const recorded = recordedPlan(records.history, pick)
  const plan = recorded ?? usable(today)
  tell(context, today, recorded, directory)
  return {
    plan,
    kinds,
    stateDirectory: directory,
    formatter: context.formatter(plan),
    ...observeCalls(context, plan),
    records,
    ...(!(today instanceof PlanRefused) && { today }),
  }
}

/** The same migration by what its journal holds a while later. Nothing is told again. */
export function storedLater(
  context: CommandContext,
  migration: StoredMigration,
  records: StoredRuns,
): StoredMigration {
  const plan = recordedPlan(records.history) ?? migration.plan
  return { ...migration, plan, records, formatter: context.formatter(plan) }
}

function recordedPlan(
  history: History,
  pick: (history: History) => Run | undefined = ({ runs }) => runs.at(-1),
): Plan | undefined {
  const run = pick(history)
  return run ? planOf(history, run) : lastPlan(history)
}

/** The folder of the journal, for who needs nothing else of it. */
export async function storedJournal(context: CommandContext): Promise<string> {
  const { state } = context.options
  if (state !== undefined) return journalFile(resolve(state))
  return journalFile(storedDirectory(context, await todaysPlan(context, await context.kinds())))
}

export const planFiles = ({ options }: CommandContext): string[] => [options.plan, ...options.overlay]

async function todaysPlan(context: CommandContext, kinds: Record<string, Kind>): Promise<Plan | PlanRefused> {
  try {
    return await openPlan(planFiles(context), kinds)
  } catch (error) {
    if (error instanceof PlanRefused) return error
    throw error
  }
}

function usable(today: Plan | PlanRefused): Plan {
  if (today instanceof PlanRefused) throw today
  return today
}

/** A plan that is refused may still tell its name; without any plan, the only migration there is is meant. */
function storedDirectory(context: CommandContext, today: Plan | PlanRefused): string {
  if (context.options.state !== undefined) return resolve(context.options.state)
  if (!(today instanceof PlanRefused)) return stateDirectory(context, today.name)
  const name = planName(planFiles(context))
  const known = storedMigrations(stateHome(context.env))
  const named = name === undefined ? undefined : stateDirectory(context, name)
  if (named !== undefined && known.includes(named)) return named
  const [only, ...others] = known
  if (only === undefined || named !== undefined) throw today
  if (others.length === 0) return only
  throw new Failure(
    { key: 'cli.migration.which' },
    {
      remedy: { key: 'cli.migration.which.remedy', values: { directories: known.join(', ') } },
      exitCode: exitCodes.usage,
    },
  )
}

const mostPaths = 5

/** In one line on stderr: which migration this is, when no plan file says so, and in what the plan file differs. */
function tell(
  context: CommandContext,
  today: Plan | PlanRefused,
  recorded: Plan | undefined,
  directory: string,
): void {
  const warn = (key: MessageKey, values: Record<string, string>) =>
    context.printProgress([[span(context.say({ key, values }), 'warn')]])
  if (isStateFileDamaged(directory)) warn('cli.migration.stateFile', { file: stateFile(directory) })
  if (recorded === undefined) return
  if (today instanceof PlanRefused) {
    if (!today.isAbsent) warn('cli.migration.planUnusable', { file: planFiles(context).join(', ') })
    else if (context.options.state === undefined)
      warn('cli.migration.found', { plan: recorded.name, directory })
    return
  }
  const paths = planDifferences(recorded, today)
  if (paths.length === 0) return
  const more = paths.length > mostPaths ? [`+ ${paths.length - mostPaths}`] : []
  warn('cli.migration.planDiffers', { paths: [...paths.slice(0, mostPaths), ...more].join(', ') })
}

import { residualsIn } from '../forecast/residuals.ts'
import type { OrderRecord } from '../model/event.ts'
import { now } from '../model/instant.ts'
import type { History, Run } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import { isExecuting } from '../run/executing.ts'
import { nightToWatch } from '../run/look-back.ts'
import { halfSignedOrders, storedOrders } from '../run/orders.ts'
import { runbookOf } from '../run/recorded.ts'
import { returnPathInTheWay } from '../run/return-path.ts'
import { isHalfSigned } from '../run/signatures.ts'
import { readProgress, type StoredRuns } from '../run/stored-runs.ts'
import { statusJson } from '../views/json.ts'
import { nextVerb } from '../views/next-verb.ts'
import { type RunView, runViewOf } from '../views/run-view.ts'
import { type Status, status as statusOf } from '../views/status.ts'
import { progressSince, type StepProgress } from '../views/step-progress.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration, StoredMigration } from './migration.ts'

/** What the journal says now, and the document of `status --json` made of it. Nothing is seen before the first audit. */
export type StatusNow = {
  document: Record<string, unknown>
  executing: boolean
  /** The next command. */
  next: string
  seen?: { runView: RunView; status: Status; ordersStored: OrderRecord[] }
}

export function statusNow(context: CommandContext, migration: StoredMigration, asked?: RunMode): StatusNow {
  const { records, stateDirectory, formatter } = migration
  const executing = isExecuting(stateDirectory)
  const next = nextCommand(context, records.history, nextVerb(records.history, executing))
  if (Object.keys(records.history.facts).length === 0)
    return {
      document: { plan: migration.plan.name, state: 'not-started', executing: false, next },
      ...{ executing, next },
    }
  const mode = asked ?? lastMode(records)
  const plain = runViewOf({
    kinds: migration.kinds,
    plan: migration.today ?? migration.plan,
    history: records.history,
    residuals: residualsIn(records.entries, migration.kinds),
    mode,
    now: now(),
    executing,
  })
  const runView = { ...plain, progress: progressByStep(plain, stateDirectory) }
  const status = statusOf(runView, formatter)
  const ordersStored = runView.run ? waitingOrders(migration, runView.run) : []
  const document = statusJson(status, formatter, context.typed)
  return {
    document: { plan: migration.plan.name, ...document, ordersStored, executing, next },
    ...{ executing, next, seen: { runView, status, ordersStored } },
  }
}

/** The mode of the last run; before any, the one that everything leads to. */
export function lastMode({ history }: Pick<StoredRuns, 'history'>): RunMode {
  return history.runs.at(-1)?.mode ?? 'live'
}

/** What no program has judged, and what waits for a second signature. */
function waitingOrders({ stateDirectory }: Migration, run: Run): OrderRecord[] {
  const whole = storedOrders(stateDirectory, run).filter(record => !isHalfSigned(record))
  return [...whole, ...halfSignedOrders(stateDirectory, run)]
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

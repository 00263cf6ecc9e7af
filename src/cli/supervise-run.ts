import { residualsIn } from '../forecast/residuals.ts'
import type { Entry } from '../model/event.ts'
import { type ExitCode, exitCodes } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Progress } from '../model/io.ts'
import type { Run } from '../model/run.ts'
import type { RunMode } from '../model/step.ts'
import type { MessageKey } from '../model/text.ts'
import type { Ended } from '../run/execute-input.ts'
import { resumeRun, type SessionEnd } from '../run/session.ts'
import { readRecords, sealOf } from '../run/stored-runs.ts'
import { stepJson, waitingJson } from '../views/json.ts'
import { span } from '../views/lines.ts'
import { runViewOf } from '../views/run-view.ts'
import { status as statusOf } from '../views/status.ts'
import { statusLines } from '../views/status-lines.ts'
import { takeAuthority } from './authority.ts'
import type { CommandContext } from './command-context.ts'
import { onInterrupt } from './interrupt.ts'
import { LiveView } from './live-view.ts'
import type { Migration } from './migration.ts'

/** What a session is given to tell, and be told, while it runs. */
export type RunHooks = {
  onEntry: (entry: Entry) => void
  onProgress: (step: string, progress: Progress) => void
  stop: AbortSignal
}

/** Executes a run in a terminal: live view, Ctrl-C, then the outcome and its exit code. */
export async function superviseRun(
  context: CommandContext,
  migration: Migration,
  mode: RunMode,
  work: (watching: RunHooks) => Promise<SessionEnd | undefined>,
): Promise<ExitCode> {
  const view = new LiveView(context, migration, mode, readRecords(migration.stateDirectory))
  const interrupt = onInterrupt(() => {
    const values = { command: `${context.commandPrefix} resume` }
    context.printProgress([[span(context.say({ key: 'cli.run.stopping', values }), 'warn')]])
  })
  try {
    const end = await work({
      onEntry: view.onEntry,
      onProgress: view.onProgress,
      stop: interrupt.signal,
    })
    view.close()
    return end
      ? printOutcome(context, migration, mode, end.ended, view.wasDrawn)
      : tellNothingBegun(context, migration.plan.name, mode)
  } finally {
    view.close()
    interrupt.forget()
  }
}

/** Carries a stored run on in a terminal, from its journal, once the authority at the sites is taken. */
export function carryOn(
  context: CommandContext,
  migration: Migration,
  { mode }: Pick<Run, 'mode'>,
  how: Pick<Parameters<typeof resumeRun>[0], 'evenEnded' | 'night' | 'waitForPeople'>,
): Promise<ExitCode> {
  return superviseRun(context, migration, mode, watching =>
    resumeRun({
      ...migration,
      ...watching,
      takeAuthority: takeAuthority(migration.kinds, false),
      by: context.options.by,
      ...how,
    }),
  )
}

function printOutcome(
  context: CommandContext,
  migration: Migration,
  mode: RunMode,
  outcome: Ended,
  wasDrawn: boolean,
): ExitCode {
  const { stateDirectory, formatter, plan, kinds } = migration
  const records = readRecords(stateDirectory)
  const runView = runViewOf({
    plan,
    kinds,
    history: records.history,
    residuals: residualsIn(records.entries, kinds),
    mode,
    now: now(),
    executing: false,
  })
  const view = statusOf(runView, formatter)
  // the table that was drawn in place is still on the screen
  const isSeen = wasDrawn && context.stdout.isTTY === true
  context.print([
    ...(isSeen ? [] : statusLines(runView, formatter, { typed: context.typed })),
    [],
    [span(formatter.say({ key: outcomeKey(outcome, mode) }), 'strong')],
  ])
  context.json({
    plan: plan.name,
    mode,
    run: runView.run?.id,
    outcome,
    steps: view.steps.map(step => ({ ...stepJson(step, formatter), outcome: step.state })),
    waiting: view.waiting.map(wait => waitingJson(wait, context.typed)),
    journal: sealOf(stateDirectory, records.entries),
  })
  return exitCodeOf(outcome)
}

const outcomeKeys: Record<Ended, MessageKey> = {
  prepared: 'cli.outcome.prepared',
  rehearsed: 'cli.outcome.rehearsed',
  moved: 'cli.outcome.moved',
  closed: 'cli.outcome.closed',
  'rolled-back': 'cli.outcome.rolled-back',
  'rolled-back-by-hand': 'cli.outcome.rolled-back-by-hand',
  'rollback-failed': 'cli.outcome.rollback-failed',
  held: 'cli.outcome.held',
  failed: 'cli.outcome.failed',
  stopped: 'cli.outcome.stopped',
  waiting: 'cli.outcome.waiting',
}
/** Of a preparation, or of a closing, nothing had been cut, so nothing serves again. */
const givenUp: Partial<Record<RunMode, MessageKey>> = {
  preparation: 'cli.outcome.preparation-undone',
  close: 'cli.outcome.open-again',
}
const outcomeKey = (outcome: Ended, mode: RunMode): MessageKey =>
  (outcome === 'rolled-back' ? givenUp[mode] : undefined) ?? outcomeKeys[outcome]

/** Stopped while its start was waited for. */
function tellNothingBegun(context: CommandContext, plan: string, mode: RunMode): ExitCode {
  context.print([[span(context.say({ key: 'cli.run.notBegun' }))]])
  context.json({ plan, mode, outcome: 'stopped' })
  return exitCodes.failure
}

export function exitCodeOf(outcome: Ended): ExitCode {
  switch (outcome) {
    case 'prepared':
    case 'rehearsed':
    case 'moved':
    case 'closed':
      return exitCodes.ok
    case 'rolled-back':
      return exitCodes.rolledBack
    case 'rolled-back-by-hand':
      return exitCodes.rolledBackByHand
    case 'rollback-failed':
      return exitCodes.rollbackFailed
    case 'held':
    case 'waiting':
      return exitCodes.waitingForPerson
    case 'stopped':
    case 'failed':
      return exitCodes.failure
  }
}

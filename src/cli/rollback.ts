import type { Order } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Run } from '../model/run.ts'
import { isExecuting } from '../run/executing.ts'
import { hasNoWayBack } from '../run/given-up/source.ts'
import { judgeOrder } from '../run/judge-order.ts'
import { lookBackNow, nightToWatch } from '../run/look-back.ts'
import { isRolledBack, lastUndoableRun } from '../run/may-start.ts'
import { runbookOf } from '../run/recorded.ts'
import { withoutReturnPath } from '../run/return-path.ts'
import { readRecords } from '../run/stored-runs.ts'
import { returnPathLines, returnPathRows } from '../views/return-paths.ts'
import type { CommandContext } from './command-context.ts'
import { deliverOrCarryOut } from './give-order.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { confirmed } from './prompt.ts'
import { signedWithout, withoutOptions } from './rollback-without.ts'
import { orderToSend } from './sign-order.ts'
import { carryOn } from './supervise-run.ts'
import { textOption, type Verb } from './verb.ts'

/**
 * Undoes what the last run really did, also after it has moved: what users wrote at the target comes back first. Of a
 * preparation: both sites are as they were before it, replication ends and its slots are dropped.
 */
export const rollback: Verb = {
  name: 'rollback',
  group: 'night',
  summary: 'cli.rollback.summary',
  examples: 'cli.rollback.examples',
  options: [
    { flags: '--reason', value: 'text', text: 'cli.option.reason', required: true },
    ...withoutOptions,
    { flags: '--yes', text: 'cli.rollback.option.yes' },
  ],
  async run(context, call) {
    const migration = await openStored(context, lastUndoableRun)
    const run = lastRun(context, migration)
    const without = await signedWithout(context, migration, run, call)
    const order = {
      do: 'roll-back' as const,
      reason: textOption(call, 'reason') ?? '',
      ...(without && { without }),
    }
    await refuseWithoutWayBack(context, migration, run, order)
    const question = without
      ? 'cli.rollback.sureWithout'
      : run.mode === 'preparation'
        ? 'cli.rollback.sureToAbandon'
        : 'cli.rollback.sure'
    if (call.options.yes !== true && !(await confirmed(context, { key: question }))) {
      context.printProgress([[{ text: context.say({ key: 'cli.rollback.kept' }) }]])
      return exitCodes.failure
    }
    const record = await orderToSend(context, migration, run, order)
    return deliverOrCarryOut(context, migration, run, record, () =>
      carryOn(context, migration, run, { evenEnded: true }),
    )
  },
}

/**
 * Asked before anything stops: a rollback whose return path is broken would end what serves, and then fail. While a program
 * carries the run out, it judges the order by what it saw itself.
 */
async function refuseWithoutWayBack(
  context: CommandContext,
  migration: StoredMigration,
  { id }: Run,
  order: Order & { do: 'roll-back' },
): Promise<void> {
  // what is dead is not asked
  if (order.without !== undefined) return
  refuseLosing(context, migration, id, order)
  const isNight = nightToWatch(migration.records.history)?.id === id
  if (!isNight || isExecuting(migration.stateDirectory)) return
  await lookBackNow({ ...migration, by: context.options.by })
  const { history } = readRecords(migration.stateDirectory)
  const night = nightToWatch(history)
  if (night === undefined) return
  const runbook = runbookOf(history, night)
  const judging = { plan: migration.plan, runbook, run: night }
  const verdict = judgeOrder(judging, order, context.options.by)
  if (verdict.accepted) return
  const view = { plan: migration.plan, runbook, run: night, now: now() }
  const rows = returnPathRows(view, migration.formatter)
  context.printProgress(returnPathLines(rows, migration.formatter, context.typed({ do: 'watch' })))
  const isBroken = rows.some(({ state }) => state === 'broken')
  const values = { command: context.commandPrefix }
  throw new Failure(verdict.why, {
    remedy: { key: isBroken ? 'cli.returnPath.remedy' : 'cli.returnPath.behind.remedy', values },
    exitCode: exitCodes.returnPathBroken,
  })
}

/** Of a component without return path nothing has to be looked at: the journal says that users are back. */
function refuseLosing(
  context: CommandContext,
  { plan, records: { history } }: StoredMigration,
  id: string,
  order: Order & { do: 'roll-back' },
): void {
  const run = history.runs.find(one => one.id === id)
  const runbook = history.runbooks[run?.runbookHash ?? '']
  if (run === undefined || runbook === undefined || withoutReturnPath(runbook, run).length === 0) return
  const verdict = judgeOrder({ plan, runbook, run }, order, context.options.by)
  if (!verdict.accepted) throw new Failure(verdict.why, { exitCode: exitCodes.returnPathBroken })
}

/** Once undone, or when the night was only rehearsed, there is nothing to take back. */
function lastRun(context: CommandContext, { records }: StoredMigration): Run {
  const run = lastUndoableRun(records.history)
  if (run && hasNoWayBack(run)) throw new Failure({ key: 'cli.rollback.noWayBack' })
  if (run && !isRolledBack(run) && run.outcome !== 'rehearsed') return run
  throw new Failure(
    { key: 'cli.rollback.nothing' },
    { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
  )
}

import { exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Run } from '../model/run.ts'
import { isExecuting } from '../run/executing.ts'
import { isRolledBack, lastUndoableRun } from '../run/may-start.ts'
import { sendOrder } from '../run/orders.ts'
import { resumeRun } from '../run/session.ts'
import { takeAuthority } from './authority.ts'
import type { CommandContext } from './command-context.ts'
import { giveOrder } from './give-order.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { confirmed } from './prompt.ts'
import { superviseRun } from './supervise-run.ts'
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
    { flags: '--reason <text>', text: 'cli.option.reason', required: true },
    { flags: '--yes', text: 'cli.rollback.option.yes' },
  ],
  async run(context, call) {
    const migration = await openStored(context, lastUndoableRun)
    const run = lastRun(context, migration)
    const question = run.mode === 'preparation' ? 'cli.rollback.sureToAbandon' : 'cli.rollback.sure'
    if (call.options.yes !== true && !(await confirmed(context, { key: question }))) {
      context.printProgress([[{ text: context.say({ key: 'cli.rollback.kept' }) }]])
      return exitCodes.failure
    }
    const order = { do: 'roll-back' as const, reason: textOption(call, 'reason') ?? '' }
    if (isExecuting(migration.stateDirectory)) return giveOrder(context, migration, run, order)
    sendOrder(migration.stateDirectory, run.id, order, context.options.by, now())
    return superviseRun(context, migration, run.mode, watching =>
      resumeRun({
        ...migration,
        ...watching,
        takeAuthority: takeAuthority(migration.kinds, false),
        by: context.options.by,
        evenEnded: true,
      }),
    )
  },
}

/** Once undone, or when the night was only rehearsed, there is nothing to take back. */
function lastRun(context: CommandContext, { records }: StoredMigration): Run {
  const run = lastUndoableRun(records.history)
  if (run && !isRolledBack(run) && run.outcome !== 'rehearsed') return run
  throw new Failure(
    { key: 'cli.rollback.nothing' },
    { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
  )
}

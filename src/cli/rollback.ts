import { exitCodes, Failure } from '../model/failure.ts'
import { lastStanding } from '../run/may-start.ts'
import { sendOrder } from '../run/orders.ts'
import { resumeRun } from '../run/session.ts'
import { takeAuthority } from './authority.ts'
import { carry } from './carry.ts'
import type { Desk } from './desk.ts'
import { isExecuting } from './executor.ts'
import { giveOrder } from './give-order.ts'
import { type Migration, openMigration } from './migration.ts'
import { confirmed } from './prompt.ts'
import { readRecords } from './records.ts'
import { now } from './status.ts'
import { textOption, type Verb } from './verb.ts'

/**
 * Undoes what the last run really did, also after it has moved: what users wrote at the target comes back first. Of a
 * preparation: both sites are as they were before it, replication ends and its slots are dropped.
 */
export const rollback: Verb = {
  name: 'rollback',
  group: 'night',
  options: [{ flags: '--reason <text>', required: true }, { flags: '--yes' }],
  async run(desk, call) {
    const migration = await openMigration(desk)
    const run = lastRun(desk, migration)
    const question = run.mode === 'prepare' ? 'cli.rollback.sureToAbandon' : 'cli.rollback.sure'
    if (call.options.yes !== true && !(await confirmed(desk, { key: question }))) {
      desk.tell([[{ text: desk.say({ key: 'cli.rollback.kept' }) }]])
      return exitCodes.failure
    }
    const order = { do: 'roll-back' as const, reason: textOption(call, 'reason') ?? '' }
    if (isExecuting(migration.stateDirectory)) return giveOrder(desk, migration, run, order)
    sendOrder(migration.stateDirectory, run.id, order, desk.options.by, now())
    return carry(desk, migration, run.mode, watching =>
      resumeRun({
        ...migration,
        ...watching,
        takeAuthority: takeAuthority(false),
        by: desk.options.by,
        reopen: true,
      }),
    )
  },
}

/** Once undone, or when the night was only rehearsed, there is nothing to take back. */
function lastRun(desk: Desk, { stateDirectory }: Migration) {
  const run = lastStanding(readRecords(stateDirectory).history)
  if (run && run.outcome !== 'rolled-back' && run.outcome !== 'rehearsed') return run
  throw new Failure(
    { key: 'cli.rollback.nothing' },
    { remedy: { key: 'cli.type', values: { command: `${desk.typed} status` } } },
  )
}

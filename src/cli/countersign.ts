import type { OrderRecord } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { lastUndoableRun } from '../run/may-start.ts'
import { halfSignedOrders } from '../run/orders.ts'
import { secondOf } from '../run/signatures.ts'
import { type Line, span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import { beginClosing, finalLines, isClosing } from './close.ts'
import type { CommandContext } from './command-context.ts'
import { deliver, deliverOrCarryOut, refusal } from './give-order.ts'
import { openStored, type StoredMigration } from './migration.ts'
import { confirmed } from './prompt.ts'
import { signingLines } from './rollback-without.ts'
import { signatureProblem } from './sign-order.ts'
import { signingKey } from './signing-key.ts'
import { carryOn } from './supervise-run.ts'
import type { Verb } from './verb.ts'

/** The second person signs what the first one has signed, word for word; then it is an order. */
export const countersign: Verb = {
  name: 'countersign',
  group: 'people',
  summary: 'cli.countersign.summary',
  examples: 'cli.countersign.examples',
  options: [{ flags: '--yes', text: 'cli.rollback.option.yes' }],
  async run(context, call) {
    const migration = await openStored(context, lastUndoableRun)
    const { run, record } = waitingOrder(context, migration)
    const wrong = signatureProblem(migration, run, record, 'first')
    // what the first person has not signed is not shown to the second
    if (wrong !== undefined) throw refusal(context, record.order, wrong, run, false)
    context.printProgress(orderLines(context, migration, run, record))
    if (call.options.yes !== true && !(await confirmed(context, { key: 'cli.countersign.sure' }))) {
      context.printProgress([[span(context.say({ key: 'cli.rollback.kept' }))]])
      return exitCodes.failure
    }
    const { text = '', signatures = [] } = record.signed ?? {}
    const { sign } = await signingKey(context, migration.plan, context.options.as)
    const signed = { text, signatures: [...signatures, await sign(text)] }
    const complete = { ...record, signed }
    if (isClosing(complete)) return beginClosing(context, migration, run, complete, true)
    if (record.order.do !== 'roll-back') return deliver(context, migration, run, complete)
    return deliverOrCarryOut(context, migration, run, complete, () =>
      carryOn(context, migration, run, { evenEnded: true }),
    )
  },
}

function waitingOrder(
  context: CommandContext,
  { records, stateDirectory }: StoredMigration,
): { run: Run; record: OrderRecord } {
  const waiting = records.history.runs.flatMap(run =>
    halfSignedOrders(stateDirectory, run).map(record => ({ run, record })),
  )
  const last = waiting.at(-1)
  if (last !== undefined) return last
  throw new Failure(
    { key: 'cli.countersign.none' },
    { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
  )
}

function orderLines(
  context: CommandContext,
  migration: StoredMigration,
  run: Run,
  { order, by, at }: OrderRecord,
): Line[] {
  const { formatter } = migration
  const reason = 'reason' in order && order.reason ? `  “${order.reason}”` : ''
  const said = [span(`${orderText(order)}  ${by}  ${formatter.clock(at)}${reason}`, 'strong' as const)]
  const signers: Text = { key: 'cli.countersign.signers', values: { by, and: secondOf(order) ?? '' } }
  if (order.do === 'close') return [said, ...finalLines(context, migration, signers)]
  if (!('without' in order) || order.without === undefined) return [said]
  return [said, ...signingLines(context, migration, run, order.without, signers)]
}

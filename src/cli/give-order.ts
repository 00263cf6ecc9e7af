import type { Order } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Run } from '../model/run.ts'
import { answerTo } from '../run/answer.ts'
import { isExecuting } from '../run/executing.ts'
import { isFinished } from '../run/may-start.ts'
import { sendOrder } from '../run/orders.ts'
import { span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration, StoredMigration } from './migration.ts'

/** Puts the order into the inbox, waits for the executor's answer in the journal, and tells it. */
export async function giveOrder(
  context: CommandContext,
  { stateDirectory, formatter }: Migration,
  run: Run,
  order: Order,
): Promise<ExitCode | undefined> {
  const record = sendOrder(stateDirectory, run.id, order, context.options.by, now())
  const answer = isExecuting(stateDirectory) ? await answerTo(record, stateDirectory) : undefined
  const values = { order: orderText(order), command: `${context.commandPrefix} resume` }
  if (answer?.refused) {
    const why = formatter.say(answer.refused)
    throw new Failure(
      { key: 'cli.order.refused', values: { ...values, why } },
      { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
    )
  }
  context.print([[span(formatter.say({ key: answer ? 'cli.order.accepted' : 'cli.order.left', values }))]])
  context.json({ order: record, run: run.id, accepted: answer ? true : null })
  return answer ? undefined : exitCodes.waitingForPerson
}

/** The run that orders are for: the last one, unless it has ended well. Throws Failure when there is none. */
export function runForOrders(context: CommandContext, { records }: StoredMigration): Run {
  const run = records.history.runs.at(-1)
  if (run && !isFinished(run)) return run
  throw new Failure(
    { key: 'cli.order.noRun' },
    { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
  )
}

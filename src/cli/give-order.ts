import { setTimeout as wait } from 'node:timers/promises'
import type { Order, OrderRecord } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { isFinished } from '../run/may-start.ts'
import { sendOrder } from '../run/orders.ts'
import { span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import type { CommandContext } from './command-context.ts'
import { isExecuting } from './executor.ts'
import type { Migration } from './migration.ts'
import { now } from './status.ts'
import { readRecords } from './stored-runs.ts'

/** How long the executor is given to answer, and how often its journal is looked at. Milliseconds. */
const answerTimeout = { total: 5000, between: 100 }

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

async function answerTo(
  record: OrderRecord,
  stateDirectory: string,
): Promise<{ refused?: Text } | undefined> {
  for (let waited = 0; waited < answerTimeout.total; waited += answerTimeout.between) {
    for (const { event } of readRecords(stateDirectory).entries) {
      if (event.type === 'order.received' && event.order.id === record.id) return {}
      if (event.type === 'order.refused' && event.order.id === record.id) return { refused: event.why }
    }
    await wait(answerTimeout.between)
  }
  return undefined
}

/** The run that orders are for: the last one, unless it has ended well. Throws Failure when there is none. */
export function runForOrders(context: CommandContext, migration: Migration): Run {
  const run = readRecords(migration.stateDirectory).history.runs.at(-1)
  if (run && !isFinished(run)) return run
  throw new Failure(
    { key: 'cli.order.noRun' },
    { remedy: { key: 'cli.type', values: { command: `${context.commandPrefix} status` } } },
  )
}

import type { Order, OrderRecord } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import { now } from '../model/instant.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { answerTo } from '../run/answer.ts'
import { isExecuting } from '../run/executing.ts'
import { resumed } from '../run/fold.ts'
import { hasNoWayBack } from '../run/given-up/source.ts'
import { judgeOrder } from '../run/judge-order.ts'
import { isFinished } from '../run/may-start.ts'
import { sendOrder } from '../run/orders.ts'
import { runbookOf } from '../run/recorded.ts'
import { readRecords } from '../run/stored-runs.ts'
import { span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration, StoredMigration } from './migration.ts'

/**
 * Puts the order into the inbox, waits for the executor's answer in the journal, and tells it. When nothing carries the run out, it is
 * judged here as the next executor will: nobody should go on in the belief that a refused order counts.
 */
export async function giveOrder(
  context: CommandContext,
  { stateDirectory, formatter }: Migration,
  run: Run,
  order: Order,
): Promise<ExitCode | undefined> {
  const executing = isExecuting(stateDirectory)
  const send = (): OrderRecord => sendOrder(stateDirectory, run.id, order, context.options.by, now())
  const early = executing ? undefined : refusedByNext(stateDirectory, run.id, order, context.options.by)
  const record = early === undefined ? send() : undefined
  const answer = executing && record ? await answerTo(record, stateDirectory) : undefined
  const values = { order: orderText(order), command: `${context.commandPrefix} resume` }
  const refused = early ?? answer?.refused
  if (refused) {
    const why = formatter.say(refused)
    throw new Failure(
      { key: 'cli.order.refused', values: { ...values, why } },
      { remedy: remedyOf(context, order, runIn(stateDirectory, run.id) ?? run, executing) },
    )
  }
  context.print([[span(formatter.say({ key: answer ? 'cli.order.accepted' : 'cli.order.left', values }))]])
  context.json({ order: record, run: run.id, accepted: answer ? true : null })
  return answer ? undefined : exitCodes.waitingForPerson
}

function refusedByNext(stateDirectory: string, id: string, order: Order, by: string): Text | undefined {
  const { history } = readRecords(stateDirectory)
  const run = history.runs.find(one => one.id === id)
  if (run === undefined) return undefined
  const verdict = judgeOrder(runbookOf(history, run), resumed(run, run.fencingNumber), order, by)
  return verdict.accepted ? undefined : verdict.why
}

/** As the journal has it now. */
const runIn = (stateDirectory: string, id: string): Run | undefined =>
  readRecords(stateDirectory).history.runs.find(one => one.id === id)

/** Who says NO-GO wants the run to go back: of a refused one it goes on, unless it goes back already or never can. */
function remedyOf({ commandPrefix }: CommandContext, order: Order, run: Run, executing: boolean): Text {
  if (order.do !== 'no-go' || run.rollback !== undefined || hasNoWayBack(run))
    return { key: 'cli.type', values: { command: `${commandPrefix} status` } }
  const values = { resume: `${commandPrefix} resume`, rollback: `${commandPrefix} rollback --reason TEXT` }
  return { key: executing ? 'cli.noGo.refused' : 'cli.noGo.useless', values }
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

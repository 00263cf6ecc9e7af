import type { Order, OrderRecord } from '../model/event.ts'
import { type ExitCode, exitCodes, Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import type { Text } from '../model/text.ts'
import { answerTo } from '../run/answer.ts'
import { authorApproves } from '../run/author.ts'
import { isExecuting } from '../run/executing.ts'
import { resumed } from '../run/fold.ts'
import { hasNoWayBack } from '../run/given-up/source.ts'
import { judgeOrder } from '../run/judge-order.ts'
import { isFinished } from '../run/may-start.ts'
import { sendRecord } from '../run/orders.ts'
import { planOf, runbookOf } from '../run/recorded.ts'
import { isHalfSigned, secondOf } from '../run/signatures.ts'
import { readRecords } from '../run/stored-runs.ts'
import type { Formatter } from '../views/formatter.ts'
import { span } from '../views/lines.ts'
import { orderText } from '../views/orders.ts'
import type { CommandContext } from './command-context.ts'
import type { Migration, StoredMigration } from './migration.ts'
import { orderToSend, signatureProblem } from './sign-order.ts'

/**
 * Puts the order into the inbox, waits for the executor's answer in the journal, and tells it. When nothing carries the run out, it is
 * judged here as the next executor will: nobody should go on in the belief that a refused order counts.
 */
export async function giveOrder(
  context: CommandContext,
  migration: Migration,
  run: Run,
  order: Order,
): Promise<ExitCode | undefined> {
  return deliver(context, migration, run, await orderToSend(context, migration, run, order))
}

/** The same of an order that has its signature. One that needs another waits for it, and nothing else is done. */
export async function deliver(
  context: CommandContext,
  migration: Migration,
  run: Run,
  record: OrderRecord,
): Promise<ExitCode | undefined> {
  const { stateDirectory, formatter } = migration
  const { order } = record
  const executing = isExecuting(stateDirectory)
  const early = refusedEarly(migration, run, record, executing)
  if (early === undefined) sendRecord(stateDirectory, run.id, record)
  if (early === undefined && isHalfSigned(record)) return tellHalfSigned(context, migration, run, record)
  const answer = executing && early === undefined ? await answerTo(record, stateDirectory) : undefined
  const refused = early ?? answer?.refused
  if (refused) throw refusal(context, order, refused, runIn(stateDirectory, run.id) ?? run, executing)
  const key = answer ? 'cli.order.accepted' : executing ? 'cli.order.unanswered' : 'cli.order.left'
  const command = `${context.commandPrefix} ${executing ? 'status' : 'resume'}`
  context.print([[span(formatter.say({ key, values: { order: orderText(order), command } }))]])
  context.json({ order: record, run: run.id, accepted: answer ? true : null })
  return answer ? undefined : exitCodes.waitingForPerson
}

/** The same of an order with which this program goes on itself, where no other carries the run out. */
export async function deliverOrCarryOut(
  context: CommandContext,
  migration: Migration,
  run: Run,
  record: OrderRecord,
  carryOut: () => Promise<ExitCode>,
): Promise<ExitCode | undefined> {
  const { stateDirectory } = migration
  if (isExecuting(stateDirectory)) return deliver(context, migration, run, record)
  const wrong = signatureProblem(migration, run, record, isHalfSigned(record) ? 'first' : 'all')
  if (wrong) throw refusal(context, record.order, wrong, run, false)
  sendRecord(stateDirectory, run.id, record)
  return isHalfSigned(record) ? tellHalfSigned(context, migration, run, record) : carryOut()
}

export const refusal = (
  context: CommandContext,
  order: Order,
  why: Text,
  run: Run,
  executing: boolean,
): Failure =>
  new Failure(
    { key: 'cli.order.refused', values: { order: orderText(order), why: context.say(why) } },
    { remedy: remedyOf(context, order, run, executing) },
  )

/** By the program that takes it, as far as that can be known. What waits for a second signature is judged with it. */
function refusedEarly(
  migration: Migration,
  run: Run,
  record: OrderRecord,
  executing: boolean,
): Text | undefined {
  const { order, by } = record
  if (isHalfSigned(record))
    return signatureProblem(migration, run, record, 'first') ?? authorApproves(migration.plan, order, by)
  return (
    signatureProblem(migration, run, record) ??
    (executing ? undefined : refusedByNext(migration.stateDirectory, run.id, order, by))
  )
}

export function tellHalfSigned(
  context: CommandContext,
  { formatter }: Migration,
  run: Run,
  record: OrderRecord,
): ExitCode {
  context.print([[span(formatter.say(waitsForSignature(context, record, formatter)), 'warn')]])
  context.json({ order: record, run: run.id, accepted: null })
  return exitCodes.waitingForPerson
}

export function waitsForSignature(
  { commandPrefix }: CommandContext,
  { order, by, at }: OrderRecord,
  formatter: Formatter,
): Text {
  const values = { order: orderText(order), by, at: formatter.clock(at), name: secondOf(order) ?? '' }
  return {
    key: 'cli.order.waitsForSignature',
    values: { ...values, command: `${commandPrefix} countersign` },
  }
}

function refusedByNext(stateDirectory: string, id: string, order: Order, by: string): Text | undefined {
  const { history } = readRecords(stateDirectory)
  const run = history.runs.find(one => one.id === id)
  if (run === undefined) return undefined
  const judging = {
    plan: planOf(history, run),
    runbook: runbookOf(history, run),
    run: resumed(run, run.fencingNumber),
  }
  const verdict = judgeOrder(judging, order, by)
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

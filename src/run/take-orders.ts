import type { OrderRecord } from '../model/event.ts'
import type { FailureRecord } from '../model/failure.ts'
import type { Text, TextValue } from '../model/text.ts'
import { askSite } from './apply-command.ts'
import { DecisionClock } from './executor-command.ts'
import type { ExecutorContext } from './executor-context.ts'
import { failureRecord } from './failure-record.ts'
import { heardFor, type SignedOrder, signedOrder, tooOld } from './given-up/signed-orders.ts'
import { judgeOrder } from './judge-order.ts'
import { type SignatureContext, wrongSignature } from './signatures.ts'

/** A check that hangs keeps everything else waiting for its limit. */
const checkAgainSeconds = 10

/**
 * Judges each order once. One that gives a site up waits until this program itself has asked every host of it: people looked
 * before they signed, and the site may have come back since.
 */
export function takeOrders(executor: ExecutorContext): void {
  const { ports, run } = executor.input
  checkSignatures(executor, ports.orders.take(run))
  for (const signed of executor.signed.splice(0)) judgeSigned(executor, signed)
}

/** In the order in which they came: behind one that cannot be checked all wait, for a GO must not overtake a NO-GO. */
function checkSignatures(executor: ExecutorContext, taken: readonly OrderRecord[]): void {
  const { unchecked, input, run } = executor
  const elapsed = input.ports.clock.elapsedMilliseconds()
  const byId = new Map([...unchecked.records, ...taken].map(record => [record.id, record]))
  const isWaiting = (id: string) => executor.signed.some(({ record }) => record.id === id)
  const records = [...byId.values()].filter(({ id }) => run.orders[id] === undefined && !isWaiting(id))
  const tooEarly = unchecked.records.length > 0 && elapsed < unchecked.againMilliseconds
  unchecked.records = tooEarly ? records : []
  if (tooEarly) return
  for (const [index, record] of records.entries()) {
    const checked = checkSignature(executor, record)
    if ('unknown' in checked) {
      unchecked.records = records.slice(index)
      unchecked.againMilliseconds = input.ports.clock.elapsedMilliseconds() + checkAgainSeconds * 1000
      tellUnchecked(executor, record, checked.unknown)
      return
    }
    judgeChecked(executor, record, checked.wrong)
  }
}

function checkSignature(
  executor: ExecutorContext,
  record: OrderRecord,
): { wrong: Text | undefined } | { unknown: FailureRecord } {
  try {
    return { wrong: wrongSignature(record, signatureContext(executor)) }
  } catch (cause) {
    return { unknown: failureRecord(cause) }
  }
}

/** Once, however often it is tried. */
function tellUnchecked(
  executor: ExecutorContext,
  { id, by }: OrderRecord,
  { text, remedy = '' }: { text: Text; remedy?: TextValue },
): void {
  const { told } = executor.unchecked
  if (told.has(id)) return
  told.add(id)
  const values = { by, seconds: checkAgainSeconds, why: text, remedy }
  executor.record({ type: 'note', text: { key: 'run.order.waitsForCheck', values } })
}

function judgeChecked(executor: ExecutorContext, record: OrderRecord, wrong: Text | undefined): void {
  const now = executor.input.ports.clock.now()
  const signed = signedOrder(executor.run, record, new DecisionClock(now, executor.onClock))
  const why = wrong ?? (signed && tooOld(signed, now))
  if (why !== undefined) refuse(executor, record, why)
  else if (signed === undefined) judge(executor, record)
  else executor.signed.push(signed)
}

function signatureContext({ input }: ExecutorContext): SignatureContext {
  const { plan, run, ports } = input
  const hashOf = (entry: number): string | undefined => ports.journal.entries()[entry - 1]?.hash
  return { plan, run, hashOf, signerOf: ports.signerOf }
}

function judgeSigned(executor: ExecutorContext, signed: SignedOrder): void {
  const heard = heardFor(executor.run, signed)
  if (heard === 'ask') {
    executor.signed.push(signed)
    askSite(executor, signed.side)
  } else if ('refused' in heard) refuse(executor, signed.record, heard.refused)
  else judge(executor, heard.judge)
}

function judge(executor: ExecutorContext, record: OrderRecord): void {
  const { plan, runbook } = executor.input
  const judged = judgeOrder({ plan, runbook, run: executor.run }, record.order, record.by)
  if (judged.accepted) executor.record({ type: 'order.received', order: { ...record, order: judged.order } })
  else refuse(executor, record, judged.why)
}

const refuse = (executor: ExecutorContext, order: OrderRecord, why: Text): void =>
  executor.record({ type: 'order.refused', order, why })

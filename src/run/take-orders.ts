import type { OrderRecord } from '../model/event.ts'
import type { Text } from '../model/text.ts'
import { askSite } from './apply-command.ts'
import { DecisionClock } from './executor-command.ts'
import type { ExecutorContext } from './executor-context.ts'
import { heardFor, type SignedOrder, signedOrder, tooOld } from './given-up/signed-orders.ts'
import { judgeOrder } from './judge-order.ts'
import { type SignatureContext, wrongSignature } from './signatures.ts'

/**
 * Judges each order once. One that gives a site up waits until this program itself has asked every host of it: people looked
 * before they signed, and the site may have come back since.
 */
export function takeOrders(executor: ExecutorContext): void {
  const { ports, run } = executor.input
  const now = ports.clock.now()
  for (const record of ports.orders.take(run)) {
    const isWaiting = executor.signed.some(one => one.record.id === record.id)
    if (isWaiting || executor.run.orders[record.id] !== undefined) continue
    const wrong = wrongSignature(record, signatureContext(executor))
    if (wrong !== undefined) {
      refuse(executor, record, wrong)
      continue
    }
    const signed = signedOrder(executor.run, record, new DecisionClock(now, executor.onClock))
    const why = signed && tooOld(signed, now)
    if (signed === undefined) judge(executor, record)
    else if (why !== undefined) refuse(executor, record, why)
    else executor.signed.push(signed)
  }
  for (const signed of executor.signed.splice(0)) judgeSigned(executor, signed)
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
  const judged = judgeOrder(executor.input.runbook, executor.run, record.order, record.by)
  if (judged.accepted) executor.record({ type: 'order.received', order: { ...record, order: judged.order } })
  else refuse(executor, record, judged.why)
}

const refuse = (executor: ExecutorContext, order: OrderRecord, why: Text): void =>
  executor.record({ type: 'order.refused', order, why })

import { Temporal } from 'temporal-polyfill'
import type { OrderRecord } from '../model/event.ts'
import { secondsBetween } from '../model/instant.ts'
import type { Text } from '../model/text.ts'
import { askSite } from './apply-command.ts'
import type { ExecutorContext, SignedOrder } from './executor-context.ts'
import { judgeOrder } from './judge-order.ts'

/**
 * The word of two people on a site speaks of that hour: an order that lay in the inbox longer, because no program could carry it out,
 * must be given again. Seconds.
 */
const signedSeconds = 900

/** A source that gives no answer is asked every half minute as it is; what was heard longer ago says nothing. Seconds. */
const heardSeconds = 60

/**
 * Judges each order once. One that gives a site up waits until this program itself has asked every host of it: people looked
 * before they signed, and the site may have come back since.
 */
export function takeOrders(executor: ExecutorContext): void {
  const { ports, run } = executor.input
  const now = ports.clock.now()
  for (const record of ports.orders.take(run)) {
    if (executor.run.orders[record.id] !== undefined) continue
    const signed = signedOrder(executor, record, now)
    if (signed === undefined) judge(executor, record)
    else if (secondsBetween(record.at, now.toString()) > signedSeconds)
      refuse(executor, record, { key: 'run.order.tooOld', values: { minutes: signedSeconds / 60 } })
    else executor.signed.push(signed)
  }
  for (const signed of executor.signed.splice(0)) judgeSigned(executor, signed)
}

/** Undefined for every other order, and for one whose site was never asked, which is refused as it is. */
function signedOrder(
  executor: ExecutorContext,
  record: OrderRecord,
  now: Temporal.Instant,
): SignedOrder | undefined {
  const { order } = record
  if (order.do === 'roll-back' && order.without?.side === 'target')
    return { record, side: 'target', from: now }
  if (order.do !== 'go-on' || executor.run.sitesAsked?.source === undefined) return undefined
  return { record, side: 'source', from: now.subtract({ seconds: heardSeconds }) }
}

function judgeSigned(executor: ExecutorContext, signed: SignedOrder): void {
  const { record, side, from } = signed
  const asked = executor.run.sitesAsked?.[side]
  if (asked === undefined || Temporal.Instant.compare(asked.at, from) < 0) {
    executor.signed.push(signed)
    askSite(executor, side)
    return
  }
  const { answering = [], silent } = asked
  if (answering.length > 0)
    refuse(executor, record, { key: 'run.order.siteAnswers', values: { hosts: answering.join(', ') } })
  else judge(executor, withSilent(record, silent))
}

function withSilent(record: OrderRecord, silent: string[]): OrderRecord {
  const { order } = record
  if ((order.do !== 'roll-back' && order.do !== 'go-on') || order.without === undefined) return record
  return { ...record, order: { ...order, without: { ...order.without, silent } } }
}

function judge(executor: ExecutorContext, record: OrderRecord): void {
  const judged = judgeOrder(executor.input.runbook, executor.run, record.order, record.by)
  if (judged.accepted) executor.record({ type: 'order.received', order: { ...record, order: judged.order } })
  else refuse(executor, record, judged.why)
}

const refuse = (executor: ExecutorContext, order: OrderRecord, why: Text): void =>
  executor.record({ type: 'order.refused', order, why })

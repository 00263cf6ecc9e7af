import type { Temporal } from 'temporal-polyfill'
import type { OrderRecord, Written } from '../../model/event.ts'
import { secondsBetween } from '../../model/instant.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { Run } from '../../model/run.ts'
import type { Text } from '../../model/text.ts'
import type { DecisionClock } from '../executor-command.ts'

/** An order that gives a site up, which two people have signed, and the entry from which on what was heard of that site counts. */
export type SignedOrder = { record: OrderRecord; side: SiteSide; fromSequence: number }

/**
 * The word of two people on a site speaks of that hour: an order that lay in the inbox longer, because no program could carry it out,
 * must be given again. Seconds.
 */
const signedSeconds = 900

/** A source that gives no answer is asked every half minute as it is; what was heard longer ago says nothing. Seconds. */
const heardSeconds = 60

/** Undefined for every other order, and for one whose site was never asked, which is refused as it is. */
export function signedOrder(run: Run, record: OrderRecord, moment: DecisionClock): SignedOrder | undefined {
  const { order } = record
  const { source, target } = run.sitesAsked ?? {}
  if (order.do === 'roll-back' && order.without?.side === 'target')
    return { record, side: 'target', fromSequence: after(target) }
  if (order.do !== 'go-on' || source === undefined) return undefined
  const isHeard = !moment.isOlder(source.at, heardSeconds)
  return { record, side: 'source', fromSequence: isHeard ? source.sequence : after(source) }
}

const after = (asked: Written | undefined): number => (asked?.sequence ?? 0) + 1

/** Why it must be given again. */
export const tooOld = ({ record }: Pick<SignedOrder, 'record'>, now: Temporal.Instant): Text | undefined =>
  secondsBetween(record.at, now.toString()) > signedSeconds
    ? { key: 'run.order.tooOld', values: { minutes: signedSeconds / 60 } }
    : undefined

/** `ask`: nothing that counts was heard of the site yet. Else why it is refused, or the order with the hosts that were silent. */
export type Heard = 'ask' | { refused: Text } | { judge: OrderRecord }

export function heardFor({ sitesAsked }: Run, { record, side, fromSequence }: SignedOrder): Heard {
  const asked = sitesAsked?.[side]
  if (asked === undefined || asked.sequence < fromSequence) return 'ask'
  const { answering = [], silent } = asked
  if (answering.length === 0) return { judge: withSilent(record, silent) }
  return { refused: { key: 'run.order.siteAnswers', values: { hosts: answering.join(', ') } } }
}

function withSilent(record: OrderRecord, silent: string[]): OrderRecord {
  const { order } = record
  if ((order.do !== 'roll-back' && order.do !== 'go-on') || order.without === undefined) return record
  return { ...record, order: { ...order, without: { ...order.without, silent } } }
}

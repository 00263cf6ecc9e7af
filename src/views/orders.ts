import type { Entry, Order } from '../model/event.ts'
import type { Formatter } from './formatter.ts'

/** `signatures`: how many people have signed it. */
export type OrderRow = {
  at: string
  by: string
  order: string
  note?: string
  signatures?: number
  refused?: string
}

/** Every order people gave to the run, in order, accepted or refused. */
export function orderRows(entries: readonly Entry[], formatter: Formatter): OrderRow[] {
  return entries.flatMap(({ event }): OrderRow[] => {
    if (event.type !== 'order.received' && event.type !== 'order.refused') return []
    const { order, at, by, signed } = event.order
    const note = 'reason' in order ? order.reason : 'note' in order ? order.note : undefined
    return [
      {
        at,
        by,
        order: orderText(order),
        ...(note ? { note } : {}),
        ...(signed ? { signatures: signed.signatures.length } : {}),
        ...(event.type === 'order.refused' ? { refused: formatter.say(event.why) } : {}),
      },
    ]
  })
}

/** An order as it is typed, e.g. `go --gate reopen --as dba`, `retry files.delta`. */
export function orderText(order: Order): string {
  switch (order.do) {
    case 'go':
    case 'no-go':
      return [order.do, order.gate && `--gate ${order.gate}`, `--as ${order.role}`].filter(Boolean).join(' ')
    case 'done':
    case 'retry':
    case 'skip':
      return `${order.do} ${order.step}`
    case 'leave-out':
      return `leave-out ${order.component} ${order.part}`
    case 'takeover':
      return `takeover --from ${order.from}`
    case 'excuse-rehearsal':
      return `run --without-rehearsal --as ${order.role}`
    case 'go-on':
      return `go-on --without ${order.without.side}`
    case 'roll-back':
      return order.without === undefined ? 'rollback' : `rollback --without ${order.without.side}`
    default:
      return order.do
  }
}

import type { Order } from '../model/event.ts'
import type { Approval, Author, Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { secondOf } from './signatures.ts'

/** As people write names. */
export const sameName = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase()

/** Whether this is what the plan leaves to somebody else than its author. */
export function isAuthors(author: Author | undefined, approval: Approval, by: string): boolean {
  if (author === undefined) return false
  return author.mayNotApprove.includes(approval) && sameName(author.name, by)
}

/** Why the plan's author may not approve by this order: a GO at its gate, or as the second person of an order that needs two. */
export function authorApproves({ author }: Pick<Plan, 'author'>, order: Order, by: string): Text | undefined {
  if (order.do === 'go' && order.gate !== undefined && isAuthors(author, order.gate, by))
    return { key: 'run.order.authorGo', values: { by, gate: order.gate } }
  const second = secondOf(order)
  return second !== undefined && isAuthors(author, 'countersign', second)
    ? { key: 'run.order.authorCountersigns', values: { name: second } }
    : undefined
}

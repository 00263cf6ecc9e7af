import type { Order } from '../model/event.ts'
import type { MessageKey, Text } from '../model/text.ts'

export type OrderVerdict = { accepted: true; order: Order } | { accepted: false; why: Text }

export const accept = (order: Order): OrderVerdict => ({ accepted: true, order })
export const refuse = (key: MessageKey, values: Record<string, string | number> = {}): OrderVerdict => ({
  accepted: false,
  why: { key, values },
})

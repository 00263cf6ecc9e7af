import { setTimeout as wait } from 'node:timers/promises'
import type { OrderRecord } from '../model/event.ts'
import type { Text } from '../model/text.ts'
import { readRecords } from './stored-runs.ts'

/** How long the executor is given to answer, and how often its journal is looked at. Milliseconds. */
const answerTimeout = { total: 5000, between: 100 }

/** What the program that carries the run out says to an order, in the journal; undefined when it says nothing in time. */
export async function answerTo(
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

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import { openInbox, sendOrder } from '../../src/run/orders.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('orders')
const hold = { do: 'hold', reason: 'phone' } as const

/** As a front end may send them that takes them from a browser or a script. The journal would refuse each of them. */
const unusable: unknown[] = [
  null,
  {},
  { do: 'dance' },
  { do: 'carry-out' },
  { do: 'go' },
  { do: 'go', role: 'dba', gate: 'first' },
  { do: 'retry', step: 5, reason: '' },
  { do: 'roll-back' },
]

it.each(unusable)('an order that says nothing a run understands is refused when it is sent: %j', order => {
  const directory = mkdtempSync(join(home, 'sent-'))
  expect(() => sendOrder(directory, 'run-1', order as Order, 'marie', '')).toThrow(
    expect.objectContaining({ text: expect.objectContaining({ key: 'run.order.unusable' }) }),
  )
  expect(openInbox(directory).take('run-1')).toEqual([])
})

it('one that lies in the inbox all the same does not end the program that carries the run out', () => {
  const directory = mkdtempSync(join(home, 'found-'))
  const inbox = openInbox(directory)
  for (const [number, content] of ['{', ...unusable.map(order => JSON.stringify(order))].entries()) {
    sendOrder(directory, 'run-1', hold, 'marie', '')
    const database = new DatabaseSync(join(directory, 'orders.db'))
    database.prepare('UPDATE orders SET content = ? WHERE number = ?').run(content, number + 1)
    database.close()
  }
  const last = sendOrder(directory, 'run-1', hold, 'marie', '')
  expect(inbox.take('run-1')).toEqual([last])
  expect(inbox.take('run-1')).toEqual([])
})

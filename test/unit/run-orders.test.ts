import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/model/event.ts'
import { openInbox, sendOrder, sendRecord, storedOrders } from '../../src/run/orders.ts'
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

describe('an inbox that an earlier build has made', () => {
  /** As that build made it: an order was not signed. */
  function ofAnEarlierBuild(): string {
    const directory = mkdtempSync(join(home, 'earlier-'))
    const database = new DatabaseSync(join(directory, 'orders.db'))
    database.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE orders (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL,
        run TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, content TEXT NOT NULL) STRICT;
      INSERT INTO orders (id, run, at, by, content)
        VALUES ('earlier', 'run-1', '2026-12-12T21:00:00Z', 'marie', '{"do":"hold"}')`)
    database.close()
    writeFileSync(join(directory, 'state.json'), stamp(2))
    return directory
  }
  const stamp = (format: number): string =>
    JSON.stringify({ format, programVersion: '0.2.0', minimumVersion: '0.2.0' })
  const formatOf = (directory: string): unknown =>
    JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')).format
  const earlier = { id: 'earlier', at: '2026-12-12T21:00:00Z', by: 'marie', order: { do: 'hold' } } as const
  const signed = { ...earlier, id: 'signed', signed: { text: 'what was signed', signatures: ['a'] } }

  it('is read as it is, and not changed by it', () => {
    const directory = ofAnEarlierBuild()
    expect(storedOrders(directory, { id: 'run-1', orders: {} })).toEqual([earlier])
    expect(formatOf(directory)).toBe(2)
  })

  it('takes signed orders, beside those that were in it', () => {
    const directory = ofAnEarlierBuild()
    sendRecord(directory, 'run-1', signed)
    expect(openInbox(directory).take('run-1')).toEqual([earlier, signed])
  })

  it('is opened by the executor while another program sends to it', () => {
    const directory = ofAnEarlierBuild()
    const inbox = openInbox(directory)
    expect(inbox.take('run-1')).toEqual([earlier])
    sendRecord(directory, 'run-1', signed)
    expect(inbox.take('run-1')).toEqual([signed])
  })

  it('is of the present format from then on: that build would count an order that a second person has not signed', () => {
    const directory = ofAnEarlierBuild()
    openInbox(directory).close()
    expect(formatOf(directory)).toBe(3)
  })

  it('has no stamp when it had none', () => {
    const directory = mkdtempSync(join(home, 'unstamped-'))
    openInbox(directory).close()
    expect(existsSync(join(directory, 'state.json'))).toBe(false)
  })
})

it('an inbox that cannot be written is named, with what to type', () => {
  const directory = mkdtempSync(join(home, 'broken-'))
  openInbox(directory).close()
  const database = new DatabaseSync(join(directory, 'orders.db'))
  database.exec('ALTER TABLE orders RENAME COLUMN content TO words')
  database.close()
  expect(() => sendOrder(directory, 'run-1', hold, 'marie', '')).toThrow(
    expect.objectContaining({ text: expect.objectContaining({ key: 'run.stateUnusable' }) }),
  )
})

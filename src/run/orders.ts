import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseOrder } from '../journal/events.ts'
import { openReadOnly } from '../journal/open-read-only.ts'
import type { Order, OrderRecord } from '../model/event.ts'
import { Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import { stateUnusable } from './lock.ts'
import type { OrdersPort } from './ports.ts'
import { checkStateFormat } from './state-format.ts'

const fileOf = (directory: string): string => join(directory, 'orders.db')

function open(directory: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(fileOf(directory))
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL,
        run TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, content TEXT NOT NULL) STRICT`)
    return database
  } catch (cause) {
    database?.close()
    throw stateUnusable(directory, cause)
  }
}

/**
 * Puts an order for a run into the inbox of a state directory, on the disk. The executor of that run takes it from there,
 * judges it and writes it into the journal; nothing else makes an order true. Throws Failure when it is not one.
 */
export function sendOrder(directory: string, run: string, order: Order, by: string, at: string): OrderRecord {
  checkStateFormat(directory)
  const parsed = parseOrder(order)
  if ('problem' in parsed)
    throw new Failure({ key: 'run.order.unusable', values: { problem: parsed.problem } })
  const record: OrderRecord = { id: randomUUID(), at, by, order }
  const database = open(directory)
  try {
    database
      .prepare('INSERT INTO orders (id, run, at, by, content) VALUES (?, ?, ?, ?, ?)')
      .run(record.id, run, at, by, JSON.stringify(order))
  } finally {
    database.close()
  }
  return record
}

type Row = { number: number; id: string; at: string; by: string; content: string }

/**
 * The executor's side: each order once, oldest first. After a crash all are read again; the journal knows which it had.
 * What is no order, and so did not come from `sendOrder`, is left where it is: it must not end a run.
 */
export function openInbox(directory: string): OrdersPort & { close(): void } {
  const database = open(directory)
  const select = database.prepare('SELECT * FROM orders WHERE run = ? AND number > ? ORDER BY number')
  let last = 0
  return {
    pollMilliseconds: 150,
    take(run) {
      const rows = select.all(run, last) as unknown as Row[]
      last = rows.at(-1)?.number ?? last
      return rows.flatMap(recordIn)
    },
    close: () => database.close(),
  }
}

/** Those that no program has taken yet. Reads, and makes no inbox where there is none. */
export function storedOrders(directory: string, run: Run): OrderRecord[] {
  const file = fileOf(directory)
  if (!existsSync(file)) return []
  const database = openReadOnly(file)
  try {
    const rows = database.prepare('SELECT * FROM orders WHERE run = ? ORDER BY number').all(run.id)
    return (rows as unknown as Row[]).flatMap(recordIn).filter(({ id }) => run.orders[id] === undefined)
  } finally {
    database.close()
  }
}

function recordIn({ id, at, by, content }: Row): OrderRecord[] {
  const order = orderIn(content)
  return order === undefined ? [] : [{ id, at, by, order }]
}

function orderIn(content: string): Order | undefined {
  try {
    const parsed = parseOrder(JSON.parse(content))
    return 'order' in parsed ? parsed.order : undefined
  } catch {
    return undefined
  }
}

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Temporal } from 'temporal-polyfill'
import { parseOrder, parseSigned } from '../journal/events.ts'
import { openReadOnly } from '../journal/open-read-only.ts'
import type { Order, OrderRecord } from '../model/event.ts'
import { Failure } from '../model/failure.ts'
import type { Run } from '../model/run.ts'
import { tooOld } from './given-up/signed-orders.ts'
import { stateUnusable } from './lock.ts'
import type { OrdersPort } from './ports.ts'
import { isHalfSigned } from './signatures.ts'
import { checkStateFormat, raiseStateFormat } from './state-format.ts'

const fileOf = (directory: string): string => join(directory, 'orders.db')

function open(directory: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    raiseStateFormat(directory)
    database = new DatabaseSync(fileOf(directory))
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
      CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL,
        run TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, content TEXT NOT NULL, signed TEXT) STRICT`)
    addSigned(database)
    return database
  } catch (cause) {
    database?.close()
    throw stateUnusable(directory, cause)
  }
}

/** Format 2 has no signatures. Looked at again in the transaction: another program may add the column at the same time. */
function addSigned(database: DatabaseSync): void {
  const column = database.prepare("SELECT 1 FROM pragma_table_info('orders') WHERE name = 'signed'")
  if (column.get() !== undefined) return
  database.exec('BEGIN IMMEDIATE')
  if (column.get() === undefined) database.exec('ALTER TABLE orders ADD COLUMN signed TEXT')
  database.exec('COMMIT')
}

/**
 * Puts an order for a run into the inbox of a state directory, on the disk. The executor of that run takes it from there,
 * judges it and writes it into the journal; nothing else makes an order true. Throws Failure when it is not one.
 */
export function sendOrder(directory: string, run: string, order: Order, by: string, at: string): OrderRecord {
  return sendRecord(directory, run, newOrder(order, by, at))
}

/** The number keeps it apart from every other, so that a second delivery is harmless. */
export const newOrder = (order: Order, by: string, at: string): OrderRecord => ({
  id: randomUUID(),
  at,
  by,
  order,
})

/** The same of an order that has been signed. One that waited in the inbox for a second signature gives way to it. */
export function sendRecord(directory: string, run: string, record: OrderRecord): OrderRecord {
  checkStateFormat(directory)
  const { id, at, by, order, signed } = record
  const parsed = parseOrder(order)
  if ('problem' in parsed)
    throw new Failure({ key: 'run.order.unusable', values: { problem: parsed.problem } })
  const database = open(directory)
  try {
    database.exec('BEGIN IMMEDIATE')
    database.prepare('DELETE FROM orders WHERE id = ?').run(id)
    database
      .prepare('INSERT INTO orders (id, run, at, by, content, signed) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, run, at, by, JSON.stringify(order), signed ? JSON.stringify(signed) : null)
    database.exec('COMMIT')
  } catch (cause) {
    throw stateUnusable(directory, cause)
  } finally {
    database.close()
  }
  return record
}

type Row = { number: number; id: string; at: string; by: string; content: string; signed?: string | null }

/**
 * The executor's side: each order once, oldest first; one that waits for a second signature when it has it. After a crash all are read
 * again; the journal knows which it had.
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
      return rows.flatMap(recordIn).filter(record => !isHalfSigned(record))
    },
    close: () => database.close(),
  }
}

/** Of those: what waits for a second signature, and would still count with it. */
export const halfSignedOrders = (directory: string, run: Run): OrderRecord[] =>
  storedOrders(directory, run).filter(
    record => isHalfSigned(record) && tooOld({ record }, Temporal.Now.instant()) === undefined,
  )

/** Those that no program has taken yet. Reads, and makes no inbox where there is none. */
export function storedOrders(directory: string, run: Pick<Run, 'id' | 'orders'>): OrderRecord[] {
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

function recordIn({ id, at, by, content, signed }: Row): OrderRecord[] {
  const order = orderIn(content)
  if (order === undefined) return []
  const parsed = signed == null ? undefined : parseSigned(signed)
  return [{ id, at, by, order, ...(parsed && { signed: parsed }) }]
}

function orderIn(content: string): Order | undefined {
  try {
    const parsed = parseOrder(JSON.parse(content))
    return 'order' in parsed ? parsed.order : undefined
  } catch {
    return undefined
  }
}

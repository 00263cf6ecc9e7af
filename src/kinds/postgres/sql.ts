import type { ChangeIo, Connection, ReadIo, Row } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import { escapeIdentifier, escapeLiteral } from '../../transport/sql-quote.ts'

export const identifier = (name: string): string => escapeIdentifier(name)
export const literal = (value: string): string => escapeLiteral(value)

/** The first row, or undefined. */
export async function queryOne(
  io: ReadIo,
  connection: Connection,
  text: string,
  values?: Json[],
): Promise<Row | undefined> {
  return (await io.query(connection, text, values))[0]
}

/** The only column of the only row, as text. */
export async function queryText(
  io: ReadIo,
  connection: Connection,
  text: string,
  values?: Json[],
): Promise<string> {
  const row = await queryOne(io, connection, text, values)
  return String(Object.values(row ?? {})[0] ?? '')
}

/**
 * Statements as one transaction that may write, also where the fence has made reading the default. Sent as one text they
 * are a transaction by themselves; an explicit BEGIN would leave the session inside it when a statement fails.
 */
export const readWrite = (...statements: string[]): string =>
  ['SET TRANSACTION READ WRITE', ...statements].join('; ')

export async function executeReadWrite(
  io: ChangeIo,
  connection: Connection,
  ...statements: string[]
): Promise<void> {
  await io.execute(connection, readWrite(...statements))
}

/** PostgreSQL's five-character code, wherever in the chain of causes the driver's own error stands. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}
export const sqlStates = {
  readOnlyTransaction: '25006',
  tooManyConnections: '53300',
  undefinedTable: '42P01',
  undefinedSchema: '3F000',
  serializationFailure: '40001',
  /** Of a recovery function asked of a primary. */
  notInRecovery: '55000',
} as const

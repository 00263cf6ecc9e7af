import type pg from 'pg'
import type { Query, Row } from '../model/io.ts'
import type { Json } from '../model/json.ts'
import { aborted } from './command-failures.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { cancelStatement } from './sql-cancel.ts'
import { isConnectionLost, sqlFailure } from './sql-failures.ts'
import { type Access, openPool, type Sessions } from './sql-pool.ts'

export type Sql = {
  query(
    connection: PostgresConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<Row[]>
  session<T>(
    connection: PostgresConnection,
    work: (query: Query) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>
  execute(
    connection: PostgresConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<Row[]>
  close(): Promise<void>
}
export function openSql(
  resolveSecret: (reference: string) => Promise<string>,
  connectTimeoutSeconds: number,
): Sql {
  const pools = new Map<string, Promise<Sessions>>()

  function poolOf(connection: PostgresConnection, access: Access): Promise<Sessions> {
    const key = JSON.stringify([access, ...Object.entries(connection).sort()])
    let pool = pools.get(key)
    if (!pool) {
      pool = secretOf(connection).then(password =>
        openPool(connection, password, access, connectTimeoutSeconds),
      )
      pool.catch(() => pools.delete(key))
      pools.set(key, pool)
    }
    return pool
  }

  const secretOf = async ({ password }: PostgresConnection): Promise<string | undefined> =>
    password === undefined ? undefined : resolveSecret(password)

  /** Lends a session; on abort its statement is cancelled and the session thrown away. */
  async function withClient<T>(
    connection: PostgresConnection,
    access: Access,
    signal: AbortSignal,
    work: (query: Query) => Promise<T>,
  ): Promise<T> {
    const where = `${connection.host}:${connection.port}`
    const client = await lend(connection, access, signal, where)
    const onAbort = (): void => cancelStatement(client, connection.host, connection.port)
    signal.addEventListener('abort', onAbort, { once: true })
    // A session that dies while it is lent tells it to the statement too; the event alone must not be thrown.
    client.on('error', ignore)
    let broken = false
    try {
      return await work(async (text, values) => {
        try {
          return await rowsOf(client, text, values)
        } catch (cause) {
          broken ||= isConnectionLost(cause)
          throw sqlFailure(connection, cause)
        }
      })
    } catch (error) {
      if (signal.aborted) throw aborted(where, signal.reason)
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
      client.off('error', ignore)
      client.release(broken || signal.aborted)
    }
  }

  async function lend(
    connection: PostgresConnection,
    access: Access,
    signal: AbortSignal,
    where: string,
  ): Promise<pg.PoolClient> {
    if (signal.aborted) throw aborted(where, signal.reason)
    const { pool } = await poolOf(connection, access)
    const lending = pool.connect()
    const { promise: gone, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => reject(aborted(where, signal.reason))
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([lending, gone])
    } catch (cause) {
      if (signal.aborted) lending.then(late => late.release(), ignore)
      throw sqlFailure(connection, cause)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async function query(
    connection: PostgresConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<Row[]> {
    const ask = () => withClient(connection, 'read-only', signal, run => run(text, values))
    // Reading twice does no harm: a session that died in the pool is replaced once.
    return ask().catch(failure =>
      isConnectionLost(failure.cause ?? {}) && !signal.aborted ? ask() : Promise.reject(failure),
    )
  }

  async function session<T>(
    connection: PostgresConnection,
    work: (query: Query) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return withClient(connection, 'read-only', signal, async run => {
      await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      try {
        const result = await work(run)
        await run('COMMIT')
        return result
      } catch (cause) {
        await run('ROLLBACK').catch(ignore)
        throw cause
      }
    })
  }

  return {
    query,
    session,
    execute: (connection, text, values, signal) =>
      withClient(connection, 'server', signal, run => run(text, values)),
    async close() {
      const open = await Promise.allSettled(pools.values())
      pools.clear()
      await Promise.all(open.map(pool => (pool.status === 'fulfilled' ? pool.value.close() : undefined)))
    },
  }
}

const ignore = (): void => undefined

/** Of several statements in one text, the last one's rows. */
async function rowsOf(client: pg.PoolClient, text: string, values: Json[] | undefined): Promise<Row[]> {
  const result = (await client.query(text, values)) as pg.QueryResult<Row> | pg.QueryResult<Row>[]
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []
}

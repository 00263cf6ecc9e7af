import pg from 'pg'
import type { Query, SqlConnection, SqlRow } from '../model/io.ts'
import type { Json } from '../model/json.ts'
import { aborted } from './command-failures.ts'
import { cancelStatement } from './sql-cancel.ts'
import { isConnectionLost, sqlFailure } from './sql-failures.ts'
import { jsonTypes } from './sql-values.ts'

/** Sessions kept for each connection and access. */
const poolSize = 4

export type Sql = {
  query(
    connection: SqlConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<SqlRow[]>
  session<T>(connection: SqlConnection, work: (query: Query) => Promise<T>, signal: AbortSignal): Promise<T>
  execute(
    connection: SqlConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<SqlRow[]>
  close(): Promise<void>
}
/** `server`: whatever the server says; a fenced server must stay read only for us too. */
type Access = 'read-only' | 'server'

export function openSql(
  resolveSecret: (reference: string) => Promise<string>,
  connectTimeoutSeconds: number,
): Sql {
  const pools = new Map<string, Promise<pg.Pool>>()

  function poolOf(connection: SqlConnection, access: Access): Promise<pg.Pool> {
    const key = JSON.stringify([access, ...Object.entries(connection).sort()])
    let pool = pools.get(key)
    if (!pool) {
      pool = makePool(connection, access)
      pool.catch(() => pools.delete(key))
      pools.set(key, pool)
    }
    return pool
  }

  async function makePool(connection: SqlConnection, access: Access): Promise<pg.Pool> {
    const { host, port, database, user, sslmode, password } = connection
    const pool = new pg.Pool({
      host,
      port,
      database,
      user,
      ...(password === undefined ? {} : { password: await resolveSecret(password) }),
      ssl:
        sslmode === 'disable' ? false : { rejectUnauthorized: sslmode === 'verify-full', servername: host },
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutSeconds * 1000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      application_name: 'bascule',
      types: jsonTypes,
      ...(access === 'read-only' ? { options: '-c default_transaction_read_only=on' } : {}),
    })
    // An idle session that the server ends (restart, fence) leaves the pool; without a listener it would be thrown.
    pool.on('error', () => undefined)
    return pool
  }

  /** Lends a session; on abort its statement is cancelled and the session thrown away. */
  async function withClient<T>(
    connection: SqlConnection,
    access: Access,
    signal: AbortSignal,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const where = `${connection.host}:${connection.port}`
    if (signal.aborted) throw aborted(where, signal.reason)
    let client: pg.PoolClient | undefined
    const onAbort = (): void => client && cancelStatement(client, connection.host, connection.port)
    signal.addEventListener('abort', onAbort, { once: true })
    let broken = true
    try {
      client = await (await poolOf(connection, access)).connect()
      // A session that dies while it is lent reports it to the statement; the event itself must not be thrown.
      client.on('error', ignore)
      if (signal.aborted) throw aborted(where, signal.reason)
      const result = await work(client)
      broken = false
      return result
    } catch (cause) {
      if (signal.aborted) throw aborted(where, signal.reason)
      broken = isConnectionLost(cause)
      throw sqlFailure(connection, cause)
    } finally {
      signal.removeEventListener('abort', onAbort)
      client?.off('error', ignore)
      client?.release(broken)
    }
  }

  async function query(
    connection: SqlConnection,
    text: string,
    values: Json[] | undefined,
    signal: AbortSignal,
  ): Promise<SqlRow[]> {
    const ask = () => withClient(connection, 'read-only', signal, client => rowsOf(client, text, values))
    // Reading twice does no harm: a session that died in the pool is replaced once.
    return ask().catch(failure =>
      isConnectionLost(failure.cause ?? {}) && !signal.aborted ? ask() : Promise.reject(failure),
    )
  }

  async function session<T>(
    connection: SqlConnection,
    work: (query: Query) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return withClient(connection, 'read-only', signal, async client => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      try {
        const result = await work((text, values) => rowsOf(client, text, values))
        await client.query('COMMIT')
        return result
      } catch (cause) {
        await client.query('ROLLBACK').catch(() => undefined)
        throw cause
      }
    })
  }

  return {
    query,
    session,
    execute: (connection, text, values, signal) =>
      withClient(connection, 'server', signal, client => rowsOf(client, text, values)),
    async close() {
      const open = await Promise.allSettled(pools.values())
      pools.clear()
      await Promise.all(open.map(pool => (pool.status === 'fulfilled' ? pool.value.end() : undefined)))
    },
  }
}

const ignore = (): void => undefined

/** Of several statements in one text, the last one's rows. */
async function rowsOf(client: pg.PoolClient, text: string, values: Json[] | undefined): Promise<SqlRow[]> {
  const result = (await client.query(text, values)) as pg.QueryResult<SqlRow> | pg.QueryResult<SqlRow>[]
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []
}

import type { Socket } from 'node:net'
import pg from 'pg'
import { log } from './log.ts'

/** SQLSTATE classes that mean "not now" and not "wrong": connection, resources, operator, read-only. */
const passingStates = /^(08|53|57|25006|55P03)/

/**
 * A pool that outlives its database: every connection and query is bounded in time, a broken connection is
 * dropped and the next query opens another.
 */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    max: 10,
    // Less than a user waits. Many connections opened at once on an emulated CPU take seconds; given up too soon they are
    // begun again and again, and none is ever there.
    connectionTimeoutMillis: 4500,
    ...config,
    query_timeout: 5000,
    // The server gives up before the client does, so that a write is not still running when it is retried.
    statement_timeout: 4000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  })
  // Without a listener, an idle connection that the server ends would end the program.
  pool.on('error', error => log('database', { message: error.message }))
  dropConnectionsOnHangUp(pool)
  return pool
}

/**
 * SIGHUP says that the network is another one (the machine has moved): what was opened before leads nowhere, and would
 * be found out only query by query, each after its timeout.
 */
function dropConnectionsOnHangUp(pool: pg.Pool): void {
  const open = new Set<pg.PoolClient>()
  pool.on('connect', client => open.add(client))
  pool.on('remove', client => open.delete(client))
  process.on('SIGHUP', () => {
    log('network-changed', { connectionsDropped: open.size })
    for (const client of open) streamOf(client)?.destroy()
  })
}

/** node-postgres shows its socket, without saying so in its types. */
const streamOf = (client: pg.PoolClient) =>
  (client as unknown as { connection?: { stream?: Socket } }).connection?.stream

/** True when the same request may succeed later: answered 503, where anything else is 500. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^[0-9A-Z]{5}$/.test(code) && error instanceof pg.DatabaseError) return passingStates.test(code)
  // Everything else that node-postgres raises is about reaching the server: refused, reset, timed out, or no more
  // because the program is stopping.
  return (
    /^E[A-Z]+$/.test(code) ||
    /timeout|terminated|connection|not queryable|after calling end/i.test(error.message)
  )
}

/** Throws when the database does not answer. `writable` is false on a standby. */
export async function askHealth(pool: pg.Pool): Promise<{ writable: boolean }> {
  const { rows } = await pool.query<{ writable: boolean }>('SELECT NOT pg_is_in_recovery() AS writable')
  return { writable: rows[0]?.writable === true }
}

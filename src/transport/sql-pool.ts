import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresConnection } from './postgres-connection.ts'
import { cutOff } from './sql-cancel.ts'
import { ProvenClient } from './sql-client.ts'
import { jsonTypes } from './sql-values.ts'

/** Sessions kept for each connection and access. */
const poolSize = 8
const idleSeconds = 60

/** The server ends a statement whose client is gone (killed orchestrator) instead of carrying it to its end. */
const noticeDeadClient = `SELECT set_config(name, '2s', false) FROM pg_settings
  WHERE name = 'client_connection_check_interval'`

/** `server`: whatever the server says; a fenced server must stay read only for us too. */
export type Access = 'read-only' | 'server'

/** The host of a dead server never answers the goodbye; the system would wait a quarter of an hour for it. */
const goodbyeSeconds = 2

export type Sessions = { pool: pg.Pool; close(): Promise<void> }

/** Sessions of one role in one database. Connecting has a time limit; waiting for a session that is lent out has none. */
export function openPool(
  connection: PostgresConnection,
  password: string | undefined,
  access: Access,
  connectTimeoutSeconds: number,
): Sessions {
  const config = clientConfig(connection, password, access)
  class BoundedClient extends ProvenClient {
    constructor() {
      super(connection, { ...config, connectionTimeoutMillis: connectTimeoutSeconds * 1000 })
    }
  }
  const pool = new pg.Pool({
    max: poolSize,
    idleTimeoutMillis: idleSeconds * 1000,
    Client: BoundedClient as unknown as NonNullable<pg.PoolConfig['Client']>,
  })
  // An idle session that the server ends (restart, fence) leaves the pool; without a listener it would be thrown.
  pool.on('error', () => undefined)
  // Before the session is lent. Where a server is too old to know the setting, nothing is set.
  pool.on('connect', client => void client.query(noticeDeadClient).catch(() => undefined))
  const open = new Set<pg.PoolClient>()
  pool.on('connect', client => {
    open.add(client)
    client.once('end', () => open.delete(client))
  })
  return {
    pool,
    async close() {
      const gone = [...open].map(client => once(client, 'end'))
      await pool.end()
      const late = new AbortController()
      const limit = wait(goodbyeSeconds * 1000, undefined, { signal: late.signal }).catch(() => undefined)
      await Promise.race([Promise.all(gone), limit])
      late.abort()
      for (const client of open) cutOff(client)
    },
  }
}

function clientConfig(
  { host, port, database, user }: PostgresConnection,
  password: string | undefined,
  access: Access,
): pg.ClientConfig {
  return {
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    keepAlive: true,
    application_name: 'bascule',
    types: jsonTypes,
    ...(access === 'read-only' ? { options: '-c default_transaction_read_only=on' } : {}),
  }
}

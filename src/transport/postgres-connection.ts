import type { Connection } from '../model/io.ts'

export type PostgresConnection = Connection & {
  driver: 'postgres'
  database: string
  user: string
  /** A secret reference (`env:`, `file:`, `cmd:`), resolved by the transport only. */
  password?: string
  sslmode: 'disable' | 'require' | 'verify-full'
  /** SHA-256, of the server's certificate: then it alone is trusted, whatever authority signed it and whatever its name. */
  fingerprint?: string
}

/** A pinned certificate is asked for in any mode. */
export const isWithoutTls = ({ sslmode, fingerprint }: PostgresConnection): boolean =>
  sslmode === 'disable' && fingerprint === undefined

/** The transport has one driver. A second one is a file beside `sql.ts`, chosen here by the connection's `driver`. */
export function postgresConnection(connection: Connection): PostgresConnection {
  if (connection.driver === 'postgres') return connection as PostgresConnection
  throw new TypeError(`the transport has no driver ${connection.driver}`)
}

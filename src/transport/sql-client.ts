import { type ConnectionOptions, checkServerIdentity, getCACertificates, type TLSSocket } from 'node:tls'
import pg from 'pg'
import { Failure } from '../model/failure.ts'
import { requirePinned } from './certificate.ts'
import { isWithoutTls, type PostgresConnection } from './postgres-connection.ts'
import { psqlCommand } from './sql-failures.ts'

const bound = 'SCRAM-SHA-256-PLUS'

/** Of pg's client, what its types leave out. Tests with an impostor fail when pg names them otherwise. */
type Internals = {
  connection: pg.Connection
  _handleAuthCleartextPassword(): void
  _handleAuthMD5Password(): void
  _handleAuthSASL(message: { mechanisms: string[] }): void
  _handleAuthSASLFinal(message: unknown): void
  _handleReadyForQuery(message: unknown): void
}
const Driver = pg.Client as unknown as new (
  config: pg.ClientConfig & { connection: pg.Connection },
) => pg.Client & Internals

/**
 * A client that tells its password to nobody. The server must show the right certificate before anything is sent, and
 * log in by SCRAM alone, over TLS bound to that certificate: who does not know the password cannot answer that, and a
 * third one in the middle cannot pass it on. Where there is no password, nothing is asked of the login.
 */
export class ProvenClient extends Driver {
  readonly #connection: PostgresConnection
  readonly #isProofWanted: boolean
  #isProven = false

  constructor(connection: PostgresConnection, config: pg.ClientConfig) {
    const ssl = tlsOptions(connection)
    const given = {
      ...config,
      ssl,
      sslnegotiation: 'postgres' as const,
      enableChannelBinding: ssl !== false,
    }
    super({ ...given, connection: new CheckedConnection(connection, given) })
    this.#connection = connection
    this.#isProofWanted = config.password !== undefined
  }

  override _handleAuthCleartextPassword(): void {
    this.#refuse('password')
  }
  override _handleAuthMD5Password(): void {
    this.#refuse('md5')
  }
  override _handleAuthSASL(message: { mechanisms: string[] }): void {
    const isBound = message.mechanisms.includes(bound) || isWithoutTls(this.#connection)
    if (isBound) super._handleAuthSASL(message)
    else this.#refuse(message.mechanisms.join(', '))
  }
  override _handleAuthSASLFinal(message: unknown): void {
    const { connection } = this
    let isRefused = false
    const refused = (): void => {
      isRefused = true
    }
    connection.prependOnceListener('error', refused)
    super._handleAuthSASLFinal(message)
    connection.off('error', refused)
    this.#isProven = !isRefused
  }
  /** A server may leave its part of the proof out, and say right away that all is well. */
  override _handleReadyForQuery(message: unknown): void {
    if (this.#isProven || !this.#isProofWanted) super._handleReadyForQuery(message)
    else this.#refuse('trust')
  }

  #refuse(method: string): void {
    const { host, port, user } = this.#connection
    const failure = new Failure(
      { key: 'transport.sql.unproven', values: { host, port, user, method } },
      { remedy: { key: 'transport.remedy.scram', values: { command: psqlCommand(this.#connection) } } },
    )
    this.connection.emit('error', failure)
    this.connection.stream.destroy()
  }
}

/** pg says that TLS stands while the handshake is still going on; here, once it is over and the certificate was looked at. */
class CheckedConnection extends pg.Connection {
  readonly #to: PostgresConnection

  constructor(to: PostgresConnection, config: pg.ConnectionConfig) {
    super(config)
    this.#to = to
  }

  override emit(name: string, ...values: unknown[]): boolean {
    if (name !== 'sslconnect') return super.emit(name, ...values)
    const socket = this.stream as TLSSocket
    socket.once('secureConnect', () => {
      const { host, port, fingerprint } = this.#to
      try {
        if (fingerprint !== undefined)
          requirePinned({ host, port, sha256: fingerprint, startTls: 'postgres' }, socket)
        super.emit(name)
      } catch (failure) {
        super.emit('error', failure)
        socket.destroy()
      }
    })
    return true
  }
}

function tlsOptions(connection: PostgresConnection): false | ConnectionOptions {
  const { host, sslmode, fingerprint } = connection
  if (isWithoutTls(connection)) return false
  // Pinned: who signed it says nothing; the fingerprint is the whole proof, and stricter.
  if (fingerprint !== undefined || sslmode === 'require') return { rejectUnauthorized: false }
  return {
    rejectUnauthorized: true,
    ca: authorities(),
    // pg checks the name only where the host is a name; an address in the certificate counts as well.
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  }
}

let known: string[] | undefined
/** Those of Node.js, and those of this machine: where an organisation has its own, they are installed there. Read once. */
function authorities(): string[] {
  known ??= [...getCACertificates('default'), ...getCACertificates('system')]
  return known
}

import { Failure } from '../model/failure.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { isWithoutTls, type PostgresConnection } from './postgres-connection.ts'
import { quoteArgument } from './quote.ts'

/** The SQLSTATE of a failed statement (`55000`, `57P03`…), also through the Failure around it. */
export function sqlState(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code
  return cause === undefined ? undefined : sqlState(cause)
}

/** True when the server ended the connection or never took it: nothing is known of the statement. */
export function isConnectionLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return (
    /^(ECONNRESET|EPIPE|ETIMEDOUT|57P0[123]|08...)$/.test(code) ||
    /Connection terminated|Client has encountered a connection error|connection is closed/i.test(message)
  )
}

export function sqlFailure(connection: PostgresConnection, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  const { host, port, database, user } = connection
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string }
  const what = meaning(code, message)
  const isCertificate = what === 'transport.sql.certificate'
  const values = {
    host,
    port,
    database,
    user,
    code,
    detail: isCertificate ? plain(message) : message,
  }
  return new Failure(
    { key: what, values },
    {
      remedy: remedy(connection, isCertificate ? 'transport.remedy.certificate' : 'transport.remedy.type'),
      ...(isCertificate && { code: 'certificate' }),
      cause,
    },
  )
}

function meaning(code: string, message: string): MessageKey {
  if (/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/.test(code))
    return 'transport.sql.certificate'
  if (/SSL|TLS|certificate|self.signed/i.test(message) && !/pg_hba/.test(message)) return 'transport.sql.tls'
  const known = meanings[code]
  if (known) return known
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code))
    return 'transport.sql.unreachable'
  if (/timeout expired|timeout exceeded|Connection terminated due to connection timeout/i.test(message))
    return 'transport.sql.unreachable'
  if (isConnectionLost({ code, message })) return 'transport.sql.lost'
  if (/password must be a string|no password/i.test(message)) return 'transport.sql.password'
  return 'transport.sql.failed'
}
const meanings: Record<string, MessageKey> = {
  '28P01': 'transport.sql.password',
  '28000': 'transport.sql.notAllowed',
  '3D000': 'transport.sql.databaseMissing',
  '42501': 'transport.sql.noRight',
  '53300': 'transport.sql.tooMany',
  '57P03': 'transport.sql.starting',
  '25006': 'transport.sql.readOnly',
  '57014': 'transport.sql.cancelled',
}

/** Without what Node.js advises its programmers to do. */
const plain = (message: string): string => message.split(';')[0] ?? ''

function remedy(connection: PostgresConnection, sentence: MessageKey): Text {
  return { key: sentence, values: { host: connection.host, command: psqlCommand(connection) } }
}

/** What a person types to see the same; psql knows no fingerprint. */
export function psqlCommand(connection: PostgresConnection): string {
  const { host, port, database, user, sslmode, fingerprint } = connection
  const tls = isWithoutTls(connection)
    ? 'sslmode=disable'
    : `sslmode=${fingerprint === undefined ? sslmode : 'require'} channel_binding=require`
  const uri = `host=${host} port=${port} dbname=${database} user=${user} ${tls}`
  return `psql ${quoteArgument(uri)}`
}

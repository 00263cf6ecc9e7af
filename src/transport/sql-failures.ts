import { Failure } from '../model/failure.ts'
import type { SqlConnection } from '../model/io.ts'
import { composed, type Text } from '../model/text.ts'
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

export function sqlFailure(connection: SqlConnection, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  const { host, port, database, user } = connection
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string }
  const what = meaning(code, message)
  const values = {
    host,
    port,
    database,
    user,
    code,
    detail: what === 'certificate' ? plain(message) : message,
  }
  return new Failure(
    { key: composed(`transport.sql.${what}`), values },
    { remedy: remedy(connection, what === 'certificate' ? 'certificate' : 'type'), cause },
  )
}

function meaning(code: string, message: string): string {
  if (/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/.test(code))
    return 'certificate'
  if (/SSL|TLS|certificate|self.signed/i.test(message) && !/pg_hba/.test(message)) return 'tls'
  const known = meanings[code]
  if (known) return known
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code))
    return 'unreachable'
  if (/timeout expired|timeout exceeded|Connection terminated due to connection timeout/i.test(message))
    return 'unreachable'
  if (isConnectionLost({ code, message })) return 'lost'
  if (/password must be a string|no password/i.test(message)) return 'password'
  return 'failed'
}
const meanings: Record<string, string> = {
  '28P01': 'password',
  '28000': 'notAllowed',
  '3D000': 'databaseMissing',
  '42501': 'noRight',
  '53300': 'tooMany',
  '57P03': 'starting',
  '25006': 'readOnly',
  '57014': 'cancelled',
}

/** Without what Node.js advises its programmers to do. */
const plain = (message: string): string => message.split(';')[0] ?? ''

function remedy({ host, port, database, user, sslmode }: SqlConnection, sentence: string): Text {
  const uri = `host=${host} port=${port} dbname=${database} user=${user} sslmode=${sslmode}`
  return {
    key: composed(`transport.remedy.${sentence}`),
    values: { host, command: `psql ${quoteArgument(uri)}` },
  }
}

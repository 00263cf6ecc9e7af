import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { type Call, Refusal } from './http.ts'

export type Session = { accountId: number; email: string; role: string; expiresAt: string }
/** Throws a Refusal, 401, without a valid session. */
export type RequireSession = (call: Call) => Promise<Session>

export const notLoggedIn = () => new Refusal(401, 'log in first')
export const noSuchSession = () => new Refusal(401, 'session unknown or expired')

/** Only this is kept: a copy of it opens no session. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Sessions kept in the database. Reads only, so that it goes on working while writes are refused. */
export const sessionsInDatabase =
  (pool: Pool): RequireSession =>
  async call => {
    if (!call.token) throw notLoggedIn()
    const { rows } = await pool.query<Session>({
      name: 'session',
      text: `SELECT a.id::int AS "accountId", a.email, a.role, s.expires_at AS "expiresAt"
           FROM sessions s JOIN accounts a ON a.id = s.account_id
           WHERE s.token_hash = $1 AND s.expires_at > now() AND a.active`,
      values: [hashToken(call.token)],
    })
    const session = rows[0]
    if (!session) throw noSuchSession()
    return session
  }

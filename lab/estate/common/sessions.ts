import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { type Call, Refusal } from './http.ts'

export type Session = { sessionId: number; accountId: number; email: string; role: string; expiresAt: string }

/** The database keeps only this: a copy of it opens no session. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Reads only, so that it goes on working while writes are refused. Throws 401 without a valid session. */
export async function requireSession(pool: Pool, call: Call): Promise<Session> {
  if (!call.token) throw new Refusal(401, 'log in first')
  const { rows } = await pool.query<Session>({
    name: 'session',
    text: `SELECT s.id::int AS "sessionId", a.id::int AS "accountId", a.email, a.role, s.expires_at AS "expiresAt"
           FROM sessions s JOIN accounts a ON a.id = s.account_id
           WHERE s.token_hash = $1 AND s.expires_at > now() AND a.active`,
    values: [hashToken(call.token)],
  })
  const session = rows[0]
  if (!session) throw new Refusal(401, 'session unknown or expired')
  return session
}

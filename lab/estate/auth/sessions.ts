import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { hashToken, type RequireSession, sessionsInDatabase } from '../common/sessions.ts'

export type Account = { accountId: number; email: string; role: string }

export type Sessions = {
  /** Resolves once the session will outlive this program. */
  open(account: Account): Promise<{ token: string; expiresAt: string }>
  require: RequireSession
  /** Closing a session that is gone already is a success: a repeated request must not fail. */
  close(token: string): Promise<void>
  /** What a look at this program's own state may show of it. */
  figures(): Record<string, string | number>
}

export const sessionHours = 12

/** The session and its line in the log are committed both or neither. */
export const databaseSessions = (pool: Pool): Sessions => ({
  open: async ({ accountId }) => {
    const token = randomBytes(24).toString('base64url')
    const { rows } = await pool.query<{ expiresAt: string }>({
      name: 'open-session',
      text: `WITH opened AS (
             INSERT INTO sessions (token_hash, account_id, expires_at)
             VALUES ($1, $2, now() + $3 * interval '1 hour') RETURNING expires_at
           ), logged AS (
             INSERT INTO audit_log (actor, action) SELECT split_part(email, '@', 1), 'login' FROM accounts WHERE id = $2
           )
           SELECT expires_at AS "expiresAt" FROM opened`,
      values: [hashToken(token), accountId, sessionHours],
    })
    return { token, expiresAt: rows[0]?.expiresAt ?? '' }
  },
  require: sessionsInDatabase(pool),
  close: async token => {
    await pool.query('DELETE FROM sessions WHERE token_hash = $1', [hashToken(token)])
  },
  figures: () => ({}),
})

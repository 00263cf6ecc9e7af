import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import { askHealth } from '../common/database.ts'
import { type Call, Refusal, type Reply, type Route } from '../common/http.ts'
import { hashToken, requireSession } from '../common/sessions.ts'
import { nobody, type PasswordRecord, verifyPassword } from './passwords.ts'

const credentials = z.object({ email: z.string().max(254), password: z.string().max(256) })

export function authRoutes(pool: Pool): Route[] {
  return [
    { method: 'GET', path: '/health', handle: async () => health(pool) },
    { method: 'POST', path: '/login', handle: async call => logIn(pool, call) },
    { method: 'GET', path: '/session', handle: async call => ok(await requireSession(pool, call)) },
    { method: 'POST', path: '/logout', handle: async call => logOut(pool, call) },
  ]
}

const ok = (json: unknown): Reply => ({ status: 200, json })

async function health(pool: Pool): Promise<Reply> {
  return ok({ service: 'auth', status: 'ok', ...(await askHealth(pool)) })
}

/** 201 once the session and its line in the log are committed, both or neither. */
async function logIn(pool: Pool, call: Call): Promise<Reply> {
  const { email, password } = await call.body(credentials)
  const { rows } = await pool.query<PasswordRecord & { id: string; role: string }>({
    name: 'account',
    text: `SELECT id, role, password_hash AS hash, password_salt AS salt, password_cost AS cost
           FROM accounts WHERE email = lower($1) AND active`,
    values: [email],
  })
  const account = rows[0]
  const matches = await verifyPassword(password, account ?? nobody)
  if (!account || !matches) throw new Refusal(401, 'wrong address or password')
  const token = randomBytes(24).toString('base64url')
  const session = await pool.query<{ expiresAt: string }>({
    name: 'open-session',
    text: `WITH opened AS (
             INSERT INTO sessions (token_hash, account_id, expires_at)
             VALUES ($1, $2, now() + interval '12 hours') RETURNING expires_at
           ), logged AS (
             INSERT INTO audit_log (actor, action) SELECT split_part(email, '@', 1), 'login' FROM accounts WHERE id = $2
           )
           SELECT expires_at AS "expiresAt" FROM opened`,
    values: [hashToken(token), account.id],
  })
  const expiresAt = session.rows[0]?.expiresAt
  return { status: 201, json: { token, expiresAt, accountId: Number(account.id), role: account.role } }
}

/** Closing a session that is gone already is a success: a repeated request must not fail. */
async function logOut(pool: Pool, call: Call): Promise<Reply> {
  if (!call.token) throw new Refusal(401, 'log in first')
  await pool.query('DELETE FROM sessions WHERE token_hash = $1', [hashToken(call.token)])
  return ok({ closed: true })
}

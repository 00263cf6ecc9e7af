import type { Pool } from 'pg'
import { z } from 'zod'
import { alive, healthy } from '../common/health.ts'
import { type Call, Refusal, type Reply, type Route } from '../common/http.ts'
import { notLoggedIn } from '../common/sessions.ts'
import { nobody, type PasswordRecord, verifyPassword } from './passwords.ts'
import type { Sessions } from './sessions.ts'

const credentials = z.object({ email: z.string().max(254), password: z.string().max(256) })

export function authRoutes(pool: Pool, sessions: Sessions): Route[] {
  return [
    healthy('auth', pool),
    alive('auth', sessions.figures),
    { method: 'POST', path: '/login', handle: async call => logIn(pool, sessions, call) },
    { method: 'GET', path: '/session', handle: async call => ok(await sessions.require(call)) },
    { method: 'POST', path: '/logout', handle: async call => logOut(sessions, call) },
  ]
}

const ok = (json: unknown): Reply => ({ status: 200, json })

/** 201 once the session is kept. */
async function logIn(pool: Pool, sessions: Sessions, call: Call): Promise<Reply> {
  const { email, password } = await call.body(credentials)
  const { rows } = await pool.query<PasswordRecord & { id: string; email: string; role: string }>({
    name: 'account',
    text: `SELECT id, email, role, password_hash AS hash, password_salt AS salt, password_cost AS cost
           FROM accounts WHERE email = lower($1) AND active`,
    values: [email],
  })
  const account = rows[0]
  const matches = await verifyPassword(password, account ?? nobody)
  if (!account || !matches) throw new Refusal(401, 'wrong address or password')
  const { role } = account
  const accountId = Number(account.id)
  const opened = await sessions.open({ accountId, email: account.email, role })
  return { status: 201, json: { ...opened, accountId, role } }
}

async function logOut(sessions: Sessions, call: Call): Promise<Reply> {
  if (!call.token) throw notLoggedIn()
  await sessions.close(call.token)
  return ok({ closed: true })
}

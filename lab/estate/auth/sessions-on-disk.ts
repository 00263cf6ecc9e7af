import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { openAppendLog, readAppendLog } from '../common/append-log.ts'
import { log } from '../common/log.ts'
import { noSuchSession, notLoggedIn, type Session } from '../common/sessions.ts'
import { type Sessions, sessionHours } from './sessions.ts'
import { newToken, readOrMakeKey, signedBy } from './tokens.ts'

type Opened = { opened: string } & Session
type Entry = Opened | { closed: string }
const idOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Sessions kept on this machine's own disk: the key that signs them, and a log of those opened and closed. They are valid
 * on another machine only if the disk, as it was last, has come along. The account itself is asked of the database.
 */
export function diskSessions(directory: string, pool: Pool): Sessions {
  const key = readOrMakeKey(join(directory, 'session.key'))
  const file = join(directory, 'sessions.log')
  const open = new Map<string, Opened>()
  for (const entry of readAppendLog<Entry>(file)) {
    if ('closed' in entry) open.delete(entry.closed)
    else if (Date.parse(entry.expiresAt) > Date.now()) open.set(entry.opened, entry)
  }
  const kept = openAppendLog<Entry>(file, [...open.values()])
  log('sessions-read', { open: open.size })
  return {
    open: async account => {
      const token = newToken(key)
      const expiresAt = new Date(Date.now() + sessionHours * 3600_000).toISOString()
      const entry = { opened: idOf(token), ...account, expiresAt }
      await kept.append(entry)
      open.set(entry.opened, entry)
      log('login', { account: account.accountId })
      return { token, expiresAt }
    },
    require: async ({ token }) => {
      if (!token) throw notLoggedIn()
      const entry = signedBy(key, token) ? open.get(idOf(token)) : undefined
      if (!entry || Date.parse(entry.expiresAt) <= Date.now()) throw noSuchSession()
      const { opened: _, ...session } = entry
      if (!(await isActive(pool, session.accountId))) throw noSuchSession()
      return session
    },
    close: async token => {
      const id = idOf(token)
      if (!open.has(id)) return
      await kept.append({ closed: id })
      open.delete(id)
    },
    figures: () => ({ sessions: open.size, key: idOf(key.toString('base64url')).slice(0, 8) }),
  }
}

async function isActive(pool: Pool, accountId: number): Promise<boolean> {
  const text = 'SELECT FROM accounts WHERE id = $1 AND active'
  return (await pool.query({ name: 'active', text, values: [accountId] })).rowCount === 1
}

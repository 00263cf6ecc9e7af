import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { isAddress, isIpv6 } from '../../model/address.ts'

/** A value as it stands in postgresql.conf: always quoted, quotes doubled, backslashes too. */
const quote = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** The text of a file of conf.d. */
export function settingsFile(remark: string, settings: Record<string, string | number>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quote(String(value))}`)
  return [`# Written by Bascule: ${remark}`, ...lines, ''].join('\n')
}

/** One setting's value read back from such a file. */
export function settingIn(file: string, name: string): string | undefined {
  const line = file.split('\n').find(candidate => candidate.startsWith(`${name} = '`))
  return line
    ?.slice(name.length + 4, -1)
    .replaceAll("''", "'")
    .replaceAll('\\\\', '\\')
}

/** libpq's `key=value` string. */
export function conninfo(parts: Record<string, string | number>): string {
  const value = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return Object.entries(parts)
    .map(([key, part]) => `${key}=${/^[\w./:-]+$/.test(String(part)) ? part : value(String(part))}`)
    .join(' ')
}

/** One line of a password file: any database, so that it serves replication and pg_rewind alike. */
export function passfileLine(entry: { host: string; port: number; user: string; password: string }): string {
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:')
  return [escaped(entry.host), entry.port, '*', escaped(entry.user), escaped(entry.password)].join(':')
}

/**
 * Settings that a standby refuses to start with when they are lower than its primary's. Both sites get the higher
 * of the two, so that each can follow the other.
 */
export const settingsOfBoth = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
] as const

/** Of two sides; `wal_level` beside the limits: a server that has a logical slot does not start with less than `logical`. */
export function higherOfBoth(
  source: Record<string, string | number>,
  target: Record<string, string | number>,
): Record<string, string | number> {
  const isLogical = source.wal_level === 'logical' || target.wal_level === 'logical'
  return {
    ...Object.fromEntries(
      settingsOfBoth.map(name => [name, Math.max(Number(source[name] ?? 0), Number(target[name] ?? 0))]),
    ),
    wal_level: isLogical ? 'logical' : 'replica',
  }
}

/** One admission: who may connect from where. TLS and SCRAM always. */
export type HbaRule = { database: string; user: string; address: string }

export const begin = (owner: string): string => `# >>> bascule ${owner}`
export const end = (owner: string): string => `# <<< bascule ${owner}`

/** The file with our rules, between marks, in front: the first rule that matches wins. Ours from before are replaced. */
export function withRules(file: string, owner: string, rules: readonly HbaRule[]): string {
  const lines = rules.map(({ database, user, address }) =>
    ['hostssl', database, user, network(address), 'scram-sha-256'].join('\t'),
  )
  return [begin(owner), ...lines, end(owner), withoutRules(file, owner)].join('\n')
}

/** The file as it was before `withRules`, byte for byte. */
export function withoutRules(file: string, owner: string): string {
  const lines = file.split('\n')
  const from = lines.indexOf(begin(owner))
  const to = lines.indexOf(end(owner), from)
  return from < 0 || to < 0 ? file : [...lines.slice(0, from), ...lines.slice(to + 1)].join('\n')
}

/** An address alone is one host; a network or a name stays as it is. */
export function network(address: string): string {
  if (!isAddress(address)) return address
  return isIpv6(address) ? `${address}/128` : `${address}/32`
}

const iterations = 4096

/**
 * What PostgreSQL stores for a password (RFC 5803): given in CREATE ROLE in its place, so that the password itself
 * never reaches the server's log. `salt` is a parameter for tests only.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const serverKey = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

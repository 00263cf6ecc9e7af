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

export function higherOfBoth(
  source: Record<string, string | number>,
  target: Record<string, string | number>,
): Record<string, number> {
  return Object.fromEntries(
    settingsOfBoth.map(name => [name, Math.max(Number(source[name] ?? 0), Number(target[name] ?? 0))]),
  )
}

import type { Row } from '../../src/model/io.ts'
import type { Json } from '../../src/model/json.ts'
import type { PostgresCluster } from './postgres-cluster.ts'
import type { PostgresClusters } from './postgres-clusters.ts'
import type { Content } from './postgres-directory.ts'
import { reads } from './postgres-reads.ts'
import { writes } from './postgres-writes.ts'

/** As the server words it: the transport makes a failure of it. */
export class SqlError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Session = {
  clusters: PostgresClusters
  at: PostgresCluster
  database: string
  values: readonly Json[]
  mayWrite: boolean
}
export type Answer = (session: Session, match: RegExpMatchArray) => Row[]
/** What a transaction has made of the content so far; undefined: it has written nothing. */
export type Transaction = { readWrite: boolean; content?: Content }
export type Write = (content: Content, match: RegExpMatchArray, session: Session) => Content

export const server = ({ at }: Session) => at.server as NonNullable<PostgresCluster['server']>
export const settingOf = (session: Session, name: string): string => server(session).settings[name] ?? ''
export const inRecovery = (session: Session): boolean => server(session).isRecovering
export const isActive = ({ at, clusters }: Session, slot: string): boolean =>
  [clusters.source, clusters.target].some(
    other => clusters.primaryOf(other) === at && other.server?.settings.primary_slot_name === slot,
  )

/** One text of one or more statements, which are a transaction; the rows are those of the last. */
export function statement(session: Session, text: string): Row[] {
  const transaction: Transaction = { readWrite: false }
  let rows: Row[] = []
  for (const part of text.match(/(?:'(?:[^']|'')*'|[^;'])+/g) ?? []) {
    const one = part.trim().replaceAll(/\s+/g, ' ')
    if (one !== '') rows = answered(session, one, transaction)
  }
  if (transaction.content) session.at.data.append('commit', { content: transaction.content })
  return rows
}

function answered(session: Session, text: string, transaction: Transaction): Row[] {
  if (/^set local /.test(text)) return []
  if (/^set transaction read write$/i.test(text)) {
    if (inRecovery(session))
      throw new SqlError('0A000', 'cannot set transaction read-write mode during recovery')
    transaction.readWrite = true
    return []
  }
  for (const [pattern, write] of writes) {
    const match = pattern.exec(text)
    if (match === null) continue
    const isReadOnly = settingOf(session, 'default_transaction_read_only') === 'on' && !transaction.readWrite
    if (!session.mayWrite || inRecovery(session) || isReadOnly)
      throw new SqlError('25006', `cannot execute ${match[0]} in a read-only transaction`)
    transaction.content = write(transaction.content ?? session.at.data.content, match, session)
    return []
  }
  for (const [pattern, answer] of session.mayWrite ? [...commands, ...reads] : reads) {
    const match = pattern.exec(text)
    if (match) return answer(session, match)
  }
  throw new Error(`no answer stands for ${text}`)
}

/** What changes a server, and no rows. */
const commands: [RegExp, Answer][] = [
  [
    /^alter system (?:set (\w+) = '(.*)'|reset (\w+))$/,
    ({ at }, [, name = '', value = '', reset = '']) => {
      delete at.data.auto[name || reset]
      if (name !== '') at.data.auto[name] = value
      return []
    },
  ],
  [
    /^select pg_reload_conf/,
    ({ at }) => {
      at.reload()
      return []
    },
  ],
  [
    /^checkpoint$/,
    session => {
      const { data } = session.at
      if (inRecovery(session))
        data.checkpoint =
          data.log.slice(0, data.replayed).findLast(({ what }) => what !== 'commit') ?? data.checkpoint
      else data.append('checkpoint')
      return []
    },
  ],
  [
    /^select pg_promote\(wait => false\) where pg_is_in_recovery\(\)$/,
    session => {
      if (inRecovery(session)) session.clusters.promote(session.at)
      return []
    },
  ],
  [
    /^select pg_wal_replay_(pause|resume)\(\)$/,
    (session, [, verb]) => {
      if (!inRecovery(session)) throw new SqlError('55000', 'recovery is not in progress')
      server(session).isPaused = verb === 'pause'
      return []
    },
  ],
  [
    /^select pg_create_physical_replication_slot\('(\w+)', true\)$/,
    ({ at }, [, name = '']) => {
      if (at.data.slots.has(name)) throw new SqlError('42710', `replication slot "${name}" already exists`)
      at.data.slots.set(name, { lost: false })
      return []
    },
  ],
  [
    /^select pg_drop_replication_slot\(slot_name\) from pg_replication_slots where slot_name = '(\w+)'$/,
    (session, [, name = '']) => {
      if (isActive(session, name)) throw new SqlError('55006', `replication slot "${name}" is active`)
      session.at.data.slots.delete(name)
      return []
    },
  ],
  [
    /^select pg_replication_slot_advance\('(\w+)', '(.*)'::pg_lsn\)$/,
    ({ at }, [, name = '']) => {
      if (!at.data.slots.has(name)) throw new SqlError('42704', `replication slot "${name}" does not exist`)
      return []
    },
  ],
  [
    /^select pg_terminate_backend\(active_pid\) from pg_replication_slots where slot_name = '(\w+)'$/,
    ({ at, clusters }, [, name = '']) => {
      for (const { server } of [clusters.source, clusters.target])
        if (server?.settings.primary_slot_name === name && server !== at.server) delete server.followsSince
      return []
    },
  ],
  [
    /^select pid, pg_terminate_backend\(pid\) as told from pg_stat_activity/,
    session => {
      const told = Array.from({ length: server(session).sessions }, (_, pid) => ({ pid, told: true }))
      server(session).sessions = 0
      return told
    },
  ],
]

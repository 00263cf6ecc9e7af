import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo, Connection } from '../../src/model/io.ts'
import type { Json } from '../../src/model/json.ts'
import { commandFailed } from '../../src/transport/command-failures.ts'
import { postgresConnection } from '../../src/transport/postgres-connection.ts'
import { sqlFailure } from '../../src/transport/sql-failures.ts'
import { type Delays, PostgresCluster } from './postgres-cluster.ts'
import { type Content, DataDirectory } from './postgres-directory.ts'
import { run, writeFile } from './postgres-programs.ts'
import { SqlError, statement } from './postgres-statements.ts'

const database = (oid: number, tables: Record<string, readonly string[]> = {}) => ({ oid, limit: -1, tables })
const admin = { superuser: true as const, functions: [] }
const sourceContent: Content = {
  databases: {
    postgres: database(5),
    techcorp: database(20_000, {
      'public.ledger': Array.from({ length: 20 }, (_, id) => `(${id},first)`),
      'public.page': ['(1,home)'],
    }),
  },
  roles: { postgres: admin, bascule: admin, estate: { functions: [] } },
  extensions: [],
}
const targetContent: Content = {
  databases: { postgres: database(5) },
  roles: { postgres: admin, bascule: admin },
  extensions: [],
}
const settings = {
  max_connections: '200',
  max_worker_processes: '8',
  max_wal_senders: '10',
  max_prepared_transactions: '0',
  max_locks_per_transaction: '64',
  max_slot_wal_keep_size: '-1',
  wal_level: 'replica',
}
const callSeconds = 0.01
const writeSeconds = 0.1

/**
 * Two hosts with a cluster each, in memory: what PostgreSQL and Debian’s programs say and do as far as the kind asks. Records of
 * the log are shared objects, so that a history that parted is told from one that goes on. Each call takes a moment, in which
 * servers start, follow and are promoted, and users write.
 */
export class PostgresClusters {
  readonly source: PostgresCluster
  readonly target: PostgresCluster
  readonly secrets: Record<string, string> = { 'env:ADMIN': 'administers', 'env:REPLICATION': 'replicates' }
  /** Rows that users were told are written. */
  readonly acknowledged: string[] = []
  /** The log that a rewind needs is gone. */
  lostLog = false
  /** Has no room for a copy. */
  fullDisk?: PostgresCluster
  /** Cut off from each other. */
  isCut = false
  preparedTransactions: string[] = []
  openTransaction = false
  /** Called with each command and statement before it is carried out. */
  beforeEach: (what: string) => void = () => {}
  /** Sessions that come back as fast as they are ended. */
  stubbornSessions = false
  readonly #users: () => unknown
  #seconds = 0
  #writtenAt = 0

  /** `users`: who comes at every moment, in place of one who writes wherever he is taken in. */
  constructor(delays: Delays = { start: 0.05, connect: 0.05, promotion: 0.06 }, users?: () => unknown) {
    this.#users = users ?? (() => this.#write())
    const time = { delays, now: () => this.#seconds }
    const source = DataDirectory.fresh('7001', sourceContent)
    const target = DataDirectory.fresh('7002', targetContent)
    this.source = new PostgresCluster('m-db', '10.0.1.1', source, { ...settings }, time)
    this.target = new PostgresCluster(
      't-db',
      '10.0.2.1',
      target,
      { ...settings, max_connections: '100' },
      time,
    )
    this.pass(1)
  }

  get #both(): PostgresCluster[] {
    return [this.source, this.target]
  }
  get seconds(): number {
    return this.#seconds
  }

  readonly io: ChangeIo = {
    read: async (host, argv, options) => this.#command(host, argv, options?.allowFailure),
    change: async (host, argv, options) => this.#command(host, argv, options?.allowFailure),
    query: async (connection, text, values) => this.#sql(connection, text, values, false),
    execute: async (connection, text, values) => this.#sql(connection, text, values, true),
    writeFile: async (host, path, content) => {
      this.pass(callSeconds)
      writeFile(this.#host(host), path, content)
    },
    secret: async reference => {
      const secret = this.secrets[reference]
      if (secret === undefined) throw new Failure({ key: 'transport.secret.empty', values: { reference } })
      return secret
    },
    sleep: async seconds => this.pass(seconds),
    now: () => new Date(Date.UTC(2026, 11, 12) + this.#seconds * 1000).toISOString(),
    report: () => undefined,
    signal: new AbortController().signal,
  } as Partial<ChangeIo> as ChangeIo

  #host(name: string): PostgresCluster {
    const found = this.#both.find(cluster => cluster.name === name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }

  #command(host: string, argv: readonly string[], allowFailure = false) {
    this.pass(callSeconds)
    this.beforeEach(`${host}: ${argv.join(' ')}`)
    const result = run(this.#host(host), argv, this)
    if (result.exitCode !== 0 && !allowFailure) throw commandFailed(host, argv, result)
    return result
  }

  #sql(given: Connection, text: string, values: Json[] = [], mayWrite: boolean) {
    this.pass(callSeconds)
    this.beforeEach(text)
    const connection = postgresConnection(given)
    try {
      const at = this.#both.find(({ address }) => address === connection.host)
      if (!at?.isUp) throw new SqlError('ECONNREFUSED', `connect ECONNREFUSED ${connection.host}`)
      return statement({ clusters: this, at, database: connection.database, values, mayWrite }, text)
    } catch (error) {
      if (error instanceof SqlError) throw sqlFailure(connection, error)
      throw error
    }
  }

  /** Lets time go by, in small steps; a long time in ten. */
  pass(seconds: number): void {
    const step = Math.max(callSeconds * 5, seconds / 10)
    for (let left = seconds; left > 1e-9; left -= step) {
      this.#seconds += Math.min(left, step)
      for (const cluster of this.#both) cluster.settle()
      for (const cluster of this.#both) this.#follow(cluster)
      this.#users()
    }
  }

  stop(cluster: PostgresCluster, mode: 'fast' | 'immediate'): void {
    const followers = this.#both.filter(other => this.primaryOf(other) === cluster)
    cluster.stop(mode, followers)
    for (const other of followers) if (other.server) delete other.server.followsSince
  }

  promote(standby: PostgresCluster): void {
    if (standby.server) standby.server.promotedAt ??= this.#seconds + standby.delays.promotion
  }

  /** The primary that this standby streams from now. */
  primaryOf(standby: PostgresCluster): PostgresCluster | undefined {
    const since = standby.server?.followsSince
    const isConnected = since !== undefined && since + standby.delays.connect <= this.#seconds
    return isConnected ? this.#reachedBy(standby) : undefined
  }

  #reachedBy(standby: PostgresCluster): PostgresCluster | undefined {
    const { server } = standby
    if (!standby.isUp || !server?.isRecovering) return undefined
    const { primary_conninfo: conninfo = '' } = server.settings
    // who is in stays in, also when the role is dropped
    const isIn = server.followsSince !== undefined && server.followsWith === conninfo
    const primary = this.connects(standby, conninfo, 'replication', isIn)
    if (typeof primary === 'string') return undefined
    const slot = primary.data.slots.get(server.settings.primary_slot_name ?? '')
    return slot?.lost === false && standby.data.isBeginningOf(primary.data) ? primary : undefined
  }

  #follow(standby: PostgresCluster): void {
    const { server } = standby
    if (server === undefined) return
    if (this.#reachedBy(standby) === undefined) delete server.followsSince
    else if (server.followsSince === undefined) {
      server.followsSince = this.#seconds
      server.followsWith = server.settings.primary_conninfo ?? ''
    }
    const primary = this.primaryOf(standby)
    if (primary) standby.receive(primary)
  }

  /** As libpq connects with this string from this host: the server, or why not. */
  connects(
    from: PostgresCluster,
    conninfo: string,
    database: string,
    isIn = false,
  ): PostgresCluster | string {
    const given = Object.fromEntries(conninfo.split(' ').map(part => part.split('=') as [string, string]))
    const to = this.#both.find(({ address }) => address === given.host)
    const { server } = to ?? {}
    if (this.isCut || !to?.isPrimary || server === undefined)
      return `error: connection to server at "${given.host}" failed: Connection refused`
    if (isIn) return to
    if (given.channel_binding !== 'require') return 'error: the password would go to whoever asks'
    const trusts = from.files.get(given.sslrootcert ?? '') === to.files.get(to.certificatePath)
    if (given.sslmode !== 'require' && !trusts) return 'error: certificate verify failed'
    const admitted = `hostssl\t${database}\t${given.user}\t${from.address}/32\tscram-sha-256`
    if (!server.hba.split('\n').includes(admitted)) return `FATAL: no pg_hba.conf entry for "${given.user}"`
    const line = `${given.host}:${given.port}:*:${given.user}:${this.secrets['env:REPLICATION']}\n`
    const role = to.data.content.roles[given.user ?? '']
    if (!role?.replication || from.files.get(given.passfile ?? '') !== line)
      return `FATAL: password authentication failed for user "${given.user}"`
    return to
  }

  /** All that steps may change, once both servers have come to rest. Left out are positions, times, and marks that prove a write. */
  state() {
    this.pass(2)
    const missing = this.#both.map(({ data }) => {
      const rows = new Set(data.content.databases.techcorp?.tables['public.ledger'])
      return this.acknowledged.filter(row => !rows.has(row)).length
    })
    return {
      lostRows: Math.min(...missing),
      source: this.#stateOf(this.source),
      target: this.#stateOf(this.target),
    }
  }

  #stateOf(cluster: PostgresCluster) {
    const { data, server } = cluster
    const { databases, roles, extensions, notes } = data.content
    const { proof, ...kept } = notes?.kept ?? {}
    const copyId = this.target.fileSettings().find(({ name }) => name === 'bascule.copy_id')?.setting
    return {
      runs: server === undefined ? 'no' : server.isRecovering ? 'standby' : 'primary',
      isPaused: server?.isPaused === true,
      follows: this.primaryOf(cluster)?.name,
      users: (server?.sessions ?? 0) > 0,
      identifier: data.identifier,
      isCleanlyStopped: server === undefined && /^shut down/.test(data.state),
      limits: Object.entries(databases).map(([name, { limit }]) => `${name} ${limit}`),
      roles,
      extensions,
      kept,
      proven: proof === undefined ? 'no' : JSON.parse(proof).copyId === copyId ? 'this copy' : 'another',
      slots: [...data.slots].map(([name, { lost }]) => `${name}${lost ? ' lost' : ''}`).sort(),
      auto: data.auto,
      dataFiles: [...data.files.keys()].sort(),
      directories: [...cluster.directories.keys()].sort(),
      files: Object.fromEntries(
        [...cluster.files]
          .map(([path, text]) => [path, text.replace(/(bascule\.copy_id = ').*'/, "$1…'")] as const)
          .sort(([one], [other]) => one.localeCompare(other)),
      ),
    }
  }

  /** Users go to the source, and to the target when the source does not take them in. */
  #write(): void {
    for (const cluster of this.#both) {
      const { server } = cluster
      if (server === undefined || !cluster.isPrimary) continue
      const isTheirs = cluster === this.source || !this.source.isPrimary
      const mayEnter = isTheirs && (cluster.data.content.databases.techcorp?.limit ?? 0) !== 0
      if (this.stubbornSessions ? isTheirs : mayEnter) server.sessions = 2
    }
    if (this.#seconds < this.#writtenAt + writeSeconds) return
    const at = this.#both.find(({ isPrimary, server }) => isPrimary && (server?.sessions ?? 0) > 0)
    if (at === undefined || at.server?.settings.default_transaction_read_only === 'on') return
    this.#writtenAt = this.#seconds
    const row = `(${100 + this.acknowledged.length},written)`
    at.insert('techcorp', 'public.ledger', row)
    this.acknowledged.push(row)
  }
}

import { certificate } from './postgres-certificate.ts'
import { DataDirectory, lsnOf, oidOf, rowsPerBlock, type Settings } from './postgres-directory.ts'

/** Seconds that a server takes for what it does in its own time. */
export type Delays = { start: number; connect: number; promotion: number }

type Server = {
  upAt: number
  isRecovering: boolean
  /** As of its start or its last reload. */
  settings: Settings
  hba: string
  isPaused: boolean
  promotedAt?: number
  /** A standby whose receiver is connected, or tries to be, since then. */
  followsSince?: number
  /** What it connected with. */
  followsWith?: string
  replayedLast?: string
  sessions: number
}

/** One host with one cluster in Debian's layout: its files, its data directory, and the server when it runs. */
export class PostgresCluster {
  readonly dataPath = '/var/lib/postgresql/15/main'
  readonly configPath = '/etc/postgresql/15/main'
  readonly name: string
  readonly address: string
  readonly files = new Map<string, string>()
  readonly directories = new Map<string, DataDirectory | 'empty'>()
  server?: Server
  /** Of postgresql.conf. */
  readonly settings: Settings
  readonly facts = {
    version: '15.20',
    number: 150020,
    tls: true,
    superuser: true,
    glibc: 'glibc 2.36',
    free: 1e11,
  }
  readonly packages = ['plpgsql.control', 'pg_walinspect.control', 'plpgsql.so', 'pg_walinspect.so']
  readonly locales = ['C', 'C.utf8', 'fr_FR.utf8']
  /** A broken disk reads something else. */
  asRead = (row: string): string => row
  readonly delays: Delays
  readonly #now: () => number

  constructor(
    name: string,
    address: string,
    data: DataDirectory,
    settings: Settings,
    { delays, now }: { delays: Delays; now: () => number },
  ) {
    this.name = name
    this.address = address
    this.settings = settings
    this.delays = delays
    this.#now = now
    this.directories.set(this.dataPath, data)
    this.files.set(this.hbaPath, 'local\tall\tall\tpeer\nhostssl\tall\tall\t0.0.0.0/0\tscram-sha-256\n')
    this.files.set(this.certificatePath, certificate)
    this.start()
  }

  get certificatePath(): string {
    return `${this.configPath}/server.crt`
  }
  get hbaPath(): string {
    return `${this.configPath}/pg_hba.conf`
  }
  get data(): DataDirectory {
    const data = this.directories.get(this.dataPath)
    if (data instanceof DataDirectory) return data
    throw new Error(`${this.name} has no data directory`)
  }
  get hasData(): boolean {
    return this.directories.get(this.dataPath) instanceof DataDirectory
  }
  get isUp(): boolean {
    return this.server !== undefined && this.server.upAt <= this.#now()
  }
  get isPrimary(): boolean {
    return this.isUp && this.server?.isRecovering === false
  }

  /** As the files say, each with where it stands; the last of a name holds. */
  fileSettings(): { name: string; setting: string; sourcefile: string }[] {
    const fromFile = (path: string) =>
      [...(this.files.get(path) ?? '').matchAll(/^(\S+) = '((?:[^']|'')*)'$/gm)].map(
        ([, name = '', setting = '']) => ({ name, setting: setting.replaceAll("''", "'"), sourcefile: path }),
      )
    const included = [...this.files.keys()].filter(path => /\/conf\.d\/.*\.conf$/.test(path)).sort()
    const auto = this.hasData ? Object.entries(this.data.auto) : []
    const sourcefile = `${this.dataPath}/postgresql.auto.conf`
    return [...included.flatMap(fromFile), ...auto.map(([name, setting]) => ({ name, setting, sourcefile }))]
  }
  #configured(): Settings {
    return {
      ...this.settings,
      ...Object.fromEntries(this.fileSettings().map(({ name, setting }) => [name, setting])),
    }
  }

  /** What pg_ctlcluster says when it does not start; undefined: it does. */
  start(): string | undefined {
    if (!this.hasData) return 'Error: the data directory does not exist'
    const { data } = this
    const settings = this.#configured()
    const isRecovering = data.files.has('standby.signal')
    const tooSmall = Object.entries(data.needs).find(([name, value]) => Number(settings[name]) < value)
    if (isRecovering && tooSmall)
      return `FATAL: recovery aborted because of insufficient parameter settings\n${tooSmall}`
    const logical = [...data.slots].find(([, { isLogical }]) => isLogical)?.[0]
    if (logical !== undefined && settings.wal_level !== 'logical')
      return `FATAL: logical replication slot "${logical}" exists, but wal_level < logical`
    data.files.delete('backup_label')
    data.replayAll()
    data.state = isRecovering ? 'in archive recovery' : 'in production'
    this.server = {
      upAt: this.#now() + this.delays.start,
      isRecovering,
      settings,
      hba: this.files.get(this.hbaPath) ?? '',
      isPaused: false,
      sessions: 0,
    }
    if (!isRecovering) this.#needsOfFollowers()
    return undefined
  }

  reload(): void {
    if (!this.server) return
    this.server.settings = this.#configured()
    this.server.hba = this.files.get(this.hbaPath) ?? ''
  }

  /** Cleanly: a primary writes its last record, which those that follow it receive. */
  stop(mode: 'fast' | 'immediate', followers: readonly PostgresCluster[]): void {
    const { server } = this
    if (server === undefined) return
    if (mode === 'fast' && server.isRecovering) this.data.state = 'shut down in recovery'
    else if (mode === 'fast') {
      this.data.append('shutdown')
      for (const follower of followers) follower.receive(this)
      this.data.state = 'shut down'
    }
    delete this.server
  }

  /** What the primary has beyond what this standby has received. */
  receive(primary: PostgresCluster): void {
    const { data, server } = this
    data.log = primary.data.log
    data.needs = primary.data.needs
    if (server?.isPaused) return
    data.replayAll()
  }

  /** What the server does in its own time. */
  settle(): void {
    const { server } = this
    if (server?.promotedAt === undefined || server.promotedAt > this.#now() || !this.isUp) return
    this.data.replayAll()
    server.replayedLast = lsnOf(this.data.seen.end)
    this.data.append('promotion')
    this.data.files.delete('standby.signal')
    this.data.state = 'in production'
    server.isRecovering = false
    server.isPaused = false
    delete server.promotedAt
    this.#needsOfFollowers()
  }

  insert(database: string, table: string, row: string): void {
    const { content } = this.data
    const own = content.databases[database]
    const rows = own?.tables[table]
    if (own === undefined || rows === undefined) throw new Error(`no table ${table} in ${database}`)
    const changed = { ...own, tables: { ...own.tables, [table]: [...rows, row] } }
    this.data.append('commit', {
      content: { ...content, databases: { ...content.databases, [database]: changed } },
      touched: [`${own.oid}/${oidOf(own, table)}/${Math.floor(rows.length / rowsPerBlock)}`],
    })
  }

  #needsOfFollowers(): void {
    const settings = this.server?.settings ?? {}
    this.data.needs = Object.fromEntries(
      Object.keys(this.settings)
        .filter(name => name.startsWith('max_') && name !== 'max_slot_wal_keep_size')
        .map(name => [name, Number(settings[name])]),
    )
  }
}

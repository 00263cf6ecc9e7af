/** What replication brings along: the databases, and the catalogues that they share. Never changed in place. */
export type Content = {
  databases: Record<string, Database>
  roles: Record<string, { superuser?: true; replication?: true; functions: readonly string[] }>
  extensions: readonly string[]
  /** The schema that Bascule keeps its notes in. */
  notes?: { kept: Record<string, string>; markers: readonly string[] }
}
export type Database = { oid: number; limit: number; tables: Record<string, readonly string[]> }

/** One record of the log, from `start` to `end`, with the content after it. Two clusters share what one had from the other. */
export type LogRecord = {
  what: 'commit' | 'checkpoint' | 'shutdown' | 'promotion'
  start: number
  end: number
  timeline: number
  content: Content
  /** Blocks of tables: `database oid/filenode/block`. */
  touched: readonly string[]
}
export type Slot = { lost: boolean; isLogical?: true }
export type Settings = Record<string, string>

export const rowsPerBlock = 8
export const oidOf = (database: Database, table: string): number =>
  database.oid + 100 + Object.keys(database.tables).indexOf(table)

/** What stands in a data directory, whether a server runs on it or not. */
export class DataDirectory {
  readonly identifier: string
  log: LogRecord[]
  /** How many records of the log its content holds. */
  replayed: number
  /** As pg_controldata says it. */
  state = 'in production'
  /** The last checkpoint: the timeline that pg_rewind believes in, and where a clean stop ended. */
  checkpoint: LogRecord
  files = new Map<string, string>()
  /** Of postgresql.auto.conf. */
  auto: Settings = {}
  slots = new Map<string, Slot>()
  /** Values of the primary that wrote this log; a standby with less does not start. */
  needs: Record<string, number> = {}

  constructor(identifier: string, log: LogRecord[]) {
    this.identifier = identifier
    this.log = log
    this.replayed = log.length
    this.checkpoint = log.findLast(({ what }) => what !== 'commit') as LogRecord
  }

  static fresh(identifier: string, content: Content): DataDirectory {
    const first = { start: 0x1000, end: 0x1080, timeline: 1, content, touched: [] }
    return new DataDirectory(identifier, [{ what: 'checkpoint', ...first }])
  }

  /** As pg_basebackup and pg_rewind bring it: without slots, with the settings of the primary. */
  copyOf(primary: DataDirectory): void {
    this.log = [...primary.log]
    this.replayed = this.log.length
    this.checkpoint = primary.checkpoint
    this.state = 'in production'
    this.auto = { ...primary.auto }
    this.needs = { ...primary.needs }
    this.files = new Map([['backup_label', '']])
    this.slots = new Map()
  }

  get last(): LogRecord {
    return this.log.at(-1) as LogRecord
  }
  /** What its readers see. */
  get seen(): LogRecord {
    return this.log[this.replayed - 1] as LogRecord
  }
  get content(): Content {
    return this.seen.content
  }

  append(what: LogRecord['what'], { content = this.content, touched = [] as readonly string[] } = {}): void {
    const timeline = this.last.timeline + (what === 'promotion' ? 1 : 0)
    const record = { what, start: this.last.end, end: this.last.end + 0x80, timeline, content, touched }
    this.log = [...this.log, record]
    this.replayed = this.log.length
    if (what === 'checkpoint' || what === 'shutdown') this.checkpoint = record
  }

  /** All that this one has, the other has too, and the same. */
  isBeginningOf(other: DataDirectory): boolean {
    return this.identifier === other.identifier && other.log[this.log.length - 1] === this.last
  }

  /** Replays what it has received, as a standby or after a crash. */
  replayAll(): void {
    this.replayed = this.log.length
    this.checkpoint = this.log.findLast(({ what }) => /checkpoint|shutdown/.test(what)) ?? this.checkpoint
  }

  /** What a server leaves that recovers without network and stops: a history of its own. */
  recoverAlone(): void {
    this.replayAll()
    this.append('shutdown')
    this.state = 'shut down'
    this.files.delete('backup_label')
  }
}

export const lsnOf = (position: number): string => `0/${position.toString(16).toUpperCase()}`

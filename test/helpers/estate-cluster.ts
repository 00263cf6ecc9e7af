import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

const binaries = '/usr/lib/postgresql/15/bin'
const user = 'techcorp'
const password = 'estate-test'

export type Connection = {
  host: string
  port: number
  database: string
  user: string
  password: string
  ssl: false
}

/** A PostgreSQL of our own on the loopback, with an empty database `techcorp` and its owner. */
export class EstateCluster {
  readonly directory = temporaryFolder('estate-pg')
  readonly port: number
  readonly #ids: { uid: number; gid: number }
  #server: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
    const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
    this.#ids = { uid: idOf('-u'), gid: idOf('-g') }
  }

  static async create(): Promise<EstateCluster> {
    const cluster = new EstateCluster(await freePort())
    chownSync(cluster.directory, cluster.#ids.uid, cluster.#ids.gid)
    const data = join(cluster.directory, 'data')
    const options = [
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      '--username=postgres',
    ]
    execFileSync(`${binaries}/initdb`, ['-D', data, ...options], {
      ...cluster.#ids,
      stdio: 'ignore',
      cwd: '/',
    })
    await cluster.start()
    await cluster.administer(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'`)
    await cluster.administer(`CREATE DATABASE ${user} OWNER ${user}`)
    return cluster
  }

  get connection(): Connection {
    return { host: '127.0.0.1', port: this.port, database: user, user, password, ssl: false }
  }

  /** The environment of a program of the estate. */
  get environment(): Record<string, string> {
    const { host, port, database, user, password } = this.connection
    return {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: database,
      PGUSER: user,
      PGPASSWORD: password,
      PGSSLMODE: 'disable',
    }
  }

  async start(): Promise<void> {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      fsync: 'off',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    this.#server = spawn(`${binaries}/postgres`, ['-D', join(this.directory, 'data'), ...options], {
      ...this.#ids,
      cwd: '/',
      stdio: 'ignore',
    })
    await until(async () => {
      if (this.#server?.exitCode !== null) throw new Error('PostgreSQL did not start')
      const client = new pg.Client({ ...this.connection, user: 'postgres', database: 'postgres' })
      client.on('error', () => undefined)
      try {
        await client.connect()
      } catch {
        return false
      }
      await client.end()
      return true
    })
  }

  /** Fast: sessions are ended at once. */
  async stop(): Promise<void> {
    const server = this.#server
    if (!server || server.exitCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGINT')
    await exited
  }

  async remove(): Promise<void> {
    await this.stop()
  }

  /** Every session of the database but the caller's own. */
  async endSessions(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[] = [],
    database: string = this.connection.database,
    as: string = this.connection.user,
  ): Promise<Row[]> {
    const client = new pg.Client({ ...this.connection, database, user: as })
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  /** As the superuser. */
  async administer(text: string): Promise<void> {
    await this.query(text, [], 'postgres', 'postgres')
  }
}

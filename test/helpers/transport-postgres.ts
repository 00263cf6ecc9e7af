import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { freePort } from './free-port.ts'
import { signItself } from './self-signed.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

const binaries = '/usr/lib/postgresql/15/bin'

export type TestPostgres = {
  directory: string
  connection: PostgresConnection
  /** Its file. */
  certificate: string
  /** Of its certificate. */
  fingerprint: string
  /** Replaces pg_hba.conf: how each of these roles has to log in, and all others by scram. The next reload reads it. */
  admit(methods: Record<string, string>): void
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** A PostgreSQL of our own: TLS only, passwords by scram, role `bascule`. */
export async function startPostgres(): Promise<TestPostgres> {
  const directory = temporaryFolder('pg')
  const data = join(directory, 'data')
  const [uid, gid] = ['-u', '-g'].map(option =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' })),
  )
  if (!uid || !gid) throw new Error('there is no user postgres')
  const own = { uid, gid, cwd: '/', stdio: 'ignore' as const }
  const passwordFile = join(directory, 'password')
  writeFileSync(passwordFile, 'correct horse', { mode: 0o600 })
  for (const path of [directory, passwordFile]) chownSync(path, uid, gid)
  const options = [
    '-U',
    'bascule',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--no-sync',
  ]
  execFileSync(`${binaries}/initdb`, ['-D', data, ...options], own)
  const [key, certificate] = [join(data, 'server.key'), join(data, 'server.crt')]
  signItself({ key, certificate }, [], own)
  function admit(methods: Record<string, string>): void {
    const lines = Object.entries({ ...methods, all: 'scram-sha-256' }).map(
      ([role, method]) => `hostssl all ${role} 127.0.0.1/32 ${method}\n`,
    )
    writeFileSync(join(data, 'pg_hba.conf'), lines.join(''))
  }
  admit({})
  const port = await freePort()
  const settings = {
    port,
    ssl: 'on',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    fsync: 'off',
  }
  const arguments_ = Object.entries({ ...settings, max_connections: 20 }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])

  let server: ChildProcess
  async function start(): Promise<void> {
    server = spawn(`${binaries}/postgres`, ['-D', data, ...arguments_], own)
    await until(() => {
      if (server.exitCode !== null) throw new Error('PostgreSQL did not start')
      try {
        execFileSync(`${binaries}/pg_isready`, ['-h', '127.0.0.1', '-p', String(port), '-q'], own)
        return true
      } catch {
        return false
      }
    })
  }
  /** Fast: sessions are ended. */
  async function stop(): Promise<void> {
    const ended = once(server, 'exit')
    if (server.exitCode === null && server.kill('SIGINT')) await ended
  }
  await start()
  return {
    directory,
    connection: {
      driver: 'postgres',
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: 'bascule',
      password: `file:${passwordFile}`,
      sslmode: 'require',
    },
    certificate,
    fingerprint: new X509Certificate(readFileSync(certificate)).fingerprint256,
    admit,
    start,
    stop,
    async remove() {
      await stop()
    },
  }
}

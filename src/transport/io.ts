import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { instantAt, millisecondsOf, now } from '../model/instant.ts'
import type { ChangeIo, Progress } from '../model/io.ts'
import type { CallLog } from './calls.ts'
import { aborted, programName } from './command-failures.ts'
import { dns } from './dns.ts'
import { http } from './http.ts'
import { localName, type runLocal } from './local.ts'
import { postgresConnection } from './postgres-connection.ts'
import { writing } from './remote-scripts.ts'
import type { Sql } from './sql.ts'
import type { Ssh } from './ssh.ts'

type Parts = {
  ssh: Pick<Ssh, 'run'>
  runLocal: typeof runLocal
  sql: Sql
  resolveSecret: (reference: string) => Promise<string>
  log: CallLog
  keyHash: string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** The door for one piece of work, put together from its parts. Every call is logged before it is made. */
export function makeIo(parts: Parts): ChangeIo {
  const { ssh, runLocal, sql, resolveSecret, log, keyHash, signal, onProgress } = parts
  const commandId = (): string => `${keyHash}.${randomBytes(6).toString('hex')}`
  const place = (connection: { host: string; port: number }): string =>
    `${connection.host}:${connection.port}`

  return {
    async read(host, argv, options = {}) {
      log.add('read', 'read', host, programName(argv))
      return ssh.run(host, argv, options, commandId(), signal)
    },
    async change(host, argv, options = {}) {
      log.add('change', 'change', host, programName(argv))
      return ssh.run(host, argv, options, commandId(), signal)
    },
    async local(argv, options = {}) {
      log.add('read', 'local', localName, programName(argv))
      return runLocal(argv, options, commandId(), signal)
    },
    async changeLocal(argv, options = {}) {
      log.add('change', 'changeLocal', localName, programName(argv))
      return runLocal(argv, options, commandId(), signal)
    },
    async writeFile(host, path, content, { mode, owner }) {
      if (!path.startsWith('/')) throw new TypeError(`${path} is not an absolute path`)
      log.add('change', 'writeFile', host, path)
      const argv = writing(path, mode, owner, Buffer.byteLength(content))
      await ssh.run(host, argv, { input: content }, commandId(), signal)
    },
    async query(connection, text, values) {
      log.add('read', 'query', place(connection), firstWords(text))
      return sql.query(postgresConnection(connection), text, values, signal)
    },
    async querySession(connection, work) {
      log.add('read', 'querySession', place(connection), '')
      return sql.session(postgresConnection(connection), work, signal)
    },
    async execute(connection, text, values) {
      log.add('change', 'execute', place(connection), firstWords(text))
      return sql.execute(postgresConnection(connection), text, values, signal)
    },
    async http(request) {
      const does = /^(GET|HEAD|OPTIONS)$/i.test(request.method) ? 'read' : 'change'
      log.add(does, 'http', new URL(request.url).host, request.method)
      return http(request, signal)
    },
    async dns(server, name, type, options = {}) {
      log.add('read', 'dns', `${server.address}:${server.port}`, `${name} ${type}`)
      return dns(server, name, type, options, signal)
    },
    secret: resolveSecret,
    async sleep(seconds) {
      await wait(seconds * 1000, undefined, { signal }).catch(() => {
        throw aborted('sleep', signal.reason)
      })
    },
    now: steadyNow(),
    report: onProgress,
    signal,
  }
}

/** Readings of both clocks, of which the quickest counts: the program may be held up between the two. */
const readings = 5
const closeMilliseconds = 0.5

/**
 * The machine's clock as it was when the work began, and what has passed since: a jump of it makes no wait longer or shorter.
 * `clock` and `passed` give milliseconds, since the epoch and since any moment.
 */
export function steadyNow(
  clock = (): number => millisecondsOf(now()),
  passed = (): number => performance.now(),
): () => string {
  let [ahead, within] = [0, Number.POSITIVE_INFINITY]
  for (let read = 0; read < readings && within > closeMilliseconds; read += 1) {
    const before = passed()
    const from = clock()
    const after = passed()
    if (after - before < within) [ahead, within] = [from - (before + after) / 2, after - before]
  }
  return () => instantAt(ahead + passed())
}

/** Enough to tell statements apart, and short of any value in them. */
const firstWords = (text: string): string => text.trim().split(/\s+/).slice(0, 3).join(' ')

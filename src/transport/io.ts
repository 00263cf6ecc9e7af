import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { instantAt, millisecondsOf, now } from '../model/instant.ts'
import type { Argv, ChangeIo, CommandOptions, CommandResult, Progress, Query } from '../model/io.ts'
import type { CallLog } from './calls.ts'
import { aborted, commandFailed, programName } from './command-failures.ts'
import { dns } from './dns.ts'
import { http } from './http.ts'
import { localName, type runLocal } from './local.ts'
import {
  atHost,
  atLocal,
  type Observed,
  ofFile,
  question,
  request as requestSeen,
  statement,
} from './observe.ts'
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
  observed: Observed
  keyHash: string
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** The door for one piece of work, put together from its parts. Every call is logged before it is made, and told whoever observes. */
export function makeIo(parts: Parts): ChangeIo {
  const { ssh, runLocal, sql, resolveSecret, log, observed, keyHash, signal, onProgress } = parts
  const commandId = (): string => `${keyHash}.${randomBytes(6).toString('hex')}`
  const place = (connection: { host: string; port: number }): string =>
    `${connection.host}:${connection.port}`

  type Run = (options: CommandOptions) => Promise<CommandResult>
  /** Its exit code is told before it is thrown. */
  async function program(call: Parameters<Observed>[0], argv: Argv, options: CommandOptions, run: Run) {
    const result = await observed(
      call,
      () => run({ ...options, allowFailure: true }),
      ({ exitCode }) => ({ ended: 'exited', exitCode }),
    )
    if (result.exitCode !== 0 && !options.allowFailure) throw commandFailed(call.where, argv, result)
    return result
  }
  const remote =
    (host: string, argv: Argv): Run =>
    options =>
      ssh.run(host, argv, options, commandId(), signal)
  const here =
    (argv: Argv): Run =>
    options =>
      runLocal(argv, options, commandId(), signal)

  return {
    async read(host, argv, options = {}) {
      log.add('read', 'read', host, programName(argv))
      return program(atHost('read', host, argv, options), argv, options, remote(host, argv))
    },
    async change(host, argv, options = {}) {
      log.add('change', 'change', host, programName(argv))
      return program(atHost('change', host, argv, options), argv, options, remote(host, argv))
    },
    async local(argv, options = {}) {
      log.add('read', 'local', localName, programName(argv))
      return program(atLocal('read', argv, options), argv, options, here(argv))
    },
    async changeLocal(argv, options = {}) {
      log.add('change', 'changeLocal', localName, programName(argv))
      return program(atLocal('change', argv, options), argv, options, here(argv))
    },
    async writeFile(host, path, content, options) {
      const { mode, owner } = options
      if (!path.startsWith('/')) throw new TypeError(`${path} is not an absolute path`)
      log.add('change', 'writeFile', host, path)
      const bytes = Buffer.byteLength(content)
      const argv = writing(path, mode, owner, bytes)
      await program(ofFile(host, path, options, bytes), argv, { input: content }, remote(host, argv))
    },
    async query(to, text, values) {
      const connection = postgresConnection(to)
      log.add('read', 'query', place(to), firstWords(text))
      return observed(statement('read', connection, text), () => sql.query(connection, text, values, signal))
    },
    async querySession(to, work) {
      const connection = postgresConnection(to)
      log.add('read', 'querySession', place(to), '')
      const told =
        (query: Query): Query =>
        (text, values) =>
          observed(statement('read', connection, text), () => query(text, values))
      return sql.session(connection, query => work(told(query)), signal)
    },
    async execute(to, text, values) {
      const connection = postgresConnection(to)
      log.add('change', 'execute', place(to), firstWords(text))
      return observed(statement('change', connection, text), () =>
        sql.execute(connection, text, values, signal),
      )
    },
    async http(request) {
      const does = /^(GET|HEAD|OPTIONS)$/i.test(request.method) ? 'read' : 'change'
      log.add(does, 'http', new URL(request.url).host, request.method)
      return observed(
        requestSeen(does, request),
        () => http(request, signal),
        ({ status }) => ({ ended: 'answered', status }),
      )
    },
    async dns(server, name, type, options = {}) {
      const where = `${server.address}:${server.port}`
      log.add('read', 'dns', where, `${name} ${type}`)
      return observed(question(where, name, type), () => dns(server, name, type, options, signal))
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

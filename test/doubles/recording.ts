import { Failure } from '../../src/model/failure.ts'
import type {
  Argv,
  ChangeIo,
  CommandOptions,
  CommandResult,
  Connection,
  DnsAnswer,
  HttpResponse,
  Progress,
  Row,
} from '../../src/model/io.ts'
import type { Json } from '../../src/model/json.ts'
import { aborted, commandFailed } from '../../src/transport/command-failures.ts'
import { lineSplitter } from '../../src/transport/lines.ts'
import { localName } from '../../src/transport/local.ts'
import { postgresConnection } from '../../src/transport/postgres-connection.ts'
import type { Answer, RecordedCall } from './recording-answers.ts'

export type RecordingOptions = {
  /** The first answer whose matcher takes the call is given. A call without an answer is an error of the test. */
  answers?: Answer[]
  /** By reference. */
  secrets?: Record<string, string>
  /** Where the clock starts; it moves only by `sleep`. */
  now?: string
  signal?: AbortSignal
}
export type RecordingIo = ChangeIo & {
  calls: RecordedCall[]
  /** The calls that change something: empty after an audit, a probe or a check. */
  changes(): RecordedCall[]
  /** `host: program arguments`, a statement, a URL… one line a call, for comparing whole conversations. */
  transcript(): string[]
  progress: Progress[]
}

/** A double of the door: nothing is touched, answers are scripted, every call is kept. Files written need no answer. */
export function recordingIo(options: RecordingOptions = {}): RecordingIo {
  const { answers = [], secrets = {}, signal = new AbortController().signal } = options
  const calls: RecordedCall[] = []
  const progress: Progress[] = []
  let clock = Date.parse(options.now ?? '2026-12-12T22:00:00Z')

  async function answer(call: RecordedCall, fallback?: unknown): Promise<unknown> {
    const evenAborted = call.method === 'http' && call.request.evenAborted === true
    if (signal.aborted && !evenAborted) throw aborted(call.where, signal.reason)
    calls.push(call)
    const found = answers.find(candidate => candidate.takes(call))
    if (!found && fallback === undefined) throw new Error(`no answer is scripted for ${describe(call)}`)
    const given = found ? await found.give(call) : fallback
    if (given instanceof Error) throw given
    return given
  }

  async function command(
    method: 'read' | 'change' | 'local' | 'changeLocal',
    where: string,
    argv: Argv,
    commandOptions: CommandOptions = {},
  ): Promise<CommandResult> {
    const does = method === 'read' || method === 'local' ? 'read' : 'change'
    const given = (await answer({
      does,
      method,
      where,
      argv: [...argv],
      options: commandOptions,
    })) as CommandResult
    const splitter = commandOptions.onLine && lineSplitter(commandOptions.onLine)
    splitter?.push(given.stdout)
    splitter?.end()
    if (given.exitCode !== 0 && !commandOptions.allowFailure) throw commandFailed(where, argv, given)
    return given
  }
  const sql = (method: 'query' | 'execute', connection: Connection, text: string, values: Json[] = []) =>
    answer({
      does: method === 'query' ? 'read' : 'change',
      method,
      where: `${connection.host}:${connection.port}`,
      connection: postgresConnection(connection),
      text,
      values,
    }) as Promise<Row[]>

  return {
    calls,
    changes: () => calls.filter(call => call.does === 'change'),
    transcript: () => calls.map(describe),
    progress,
    read: (host, argv, commandOptions) => command('read', host, argv, commandOptions),
    change: (host, argv, commandOptions) => command('change', host, argv, commandOptions),
    local: (argv, commandOptions) => command('local', localName, argv, commandOptions),
    changeLocal: (argv, commandOptions) => command('changeLocal', localName, argv, commandOptions),
    query: (connection, text, values) => sql('query', connection, text, values),
    querySession: (connection, work) => work((text, values) => sql('query', connection, text, values)),
    execute: (connection, text, values) => sql('execute', connection, text, values),
    async writeFile(host, path, content, { mode, owner }) {
      const call = { does: 'change', method: 'writeFile', where: host, path, content, mode } as const
      await answer(owner === undefined ? call : { ...call, owner }, 'written')
    },
    http(request) {
      const does = /^(GET|HEAD|OPTIONS)$/i.test(request.method) ? 'read' : 'change'
      return answer({
        does,
        method: 'http',
        where: new URL(request.url).host,
        request,
      }) as Promise<HttpResponse>
    },
    dns(server, name, type, { recurse = false } = {}) {
      const where = `${server.address}:${server.port}`
      return answer({ does: 'read', method: 'dns', where, name, type, recurse }) as Promise<DnsAnswer>
    },
    async secret(reference) {
      const secret = secrets[reference]
      if (secret === undefined) throw new Failure({ key: 'transport.secret.empty', values: { reference } })
      return secret
    },
    async sleep(seconds) {
      if (signal.aborted) throw aborted('sleep', signal.reason)
      clock += seconds * 1000
    },
    now: () => new Date(clock).toISOString(),
    report: update => void progress.push(update),
    signal,
  }
}

function describe(call: RecordedCall): string {
  switch (call.method) {
    case 'query':
    case 'execute':
      return `${call.method} ${call.where}: ${call.text}`
    case 'http':
      return `http ${call.request.method} ${call.request.url}`
    case 'dns':
      return `dns ${call.where}: ${call.name} ${call.type}`
    case 'writeFile':
      return `writeFile ${call.where}: ${call.path} ${call.mode}${call.owner === undefined ? '' : ` ${call.owner}`}`
    default:
      return `${call.method} ${call.where}: ${call.argv.join(' ')}`
  }
}

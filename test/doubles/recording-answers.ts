import type {
  CommandOptions,
  CommandResult,
  DnsAnswer,
  DnsRecord,
  HttpRequest,
  HttpResponse,
  Row,
} from '../../src/model/io.ts'
import type { Json } from '../../src/model/json.ts'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'

type Common = { does: 'read' | 'change'; where: string }
export type CommandCall = Common & {
  method: 'read' | 'change' | 'local' | 'changeLocal'
  argv: string[]
  options: CommandOptions
}
export type SqlCall = Common & {
  method: 'query' | 'execute'
  connection: PostgresConnection
  text: string
  values: Json[]
}
export type HttpCall = Common & { method: 'http'; request: HttpRequest }
export type DnsCall = Common & { method: 'dns'; name: string; type: string; recurse: boolean }
export type FileCall = Common & {
  method: 'writeFile'
  path: string
  content: string
  mode: string
  owner?: string
}
export type RecordedCall = CommandCall | SqlCall | HttpCall | DnsCall | FileCall

/** `give` may answer an Error, which is then thrown at the caller. */
export type Answer = { takes(call: RecordedCall): boolean; give(call: RecordedCall): unknown }
/** A value, an error to throw, or a function of the call: a small world may stand behind the answers. */
type Given<Call, Value> = Value | Error | ((call: Call) => Value | Error | Promise<Value | Error>)
/** A text that must occur, or a pattern. */
type Pattern = string | RegExp

/** `pattern` is matched with `host: argv joined by blanks`. A string is a stdout; exit code 0 unless given. */
export function onCommand(
  pattern: Pattern,
  given: Given<CommandCall, string | Partial<CommandResult>> = '',
): Answer {
  return answer(
    (call): call is CommandCall => 'argv' in call,
    call => `${call.where}: ${call.argv.join(' ')}`,
    pattern,
    given,
    value => ({
      exitCode: 0,
      stdout: '',
      stderr: '',
      ...(typeof value === 'string' ? { stdout: value } : value),
    }),
  )
}

/** `pattern` is matched with `host:port/database: statement`. Also answers the queries of a session. */
export function onSql(pattern: Pattern, given: Given<SqlCall, Row[]> = []): Answer {
  return answer(
    (call): call is SqlCall => 'text' in call,
    call => `${call.where}/${call.connection.database}: ${call.text}`,
    pattern,
    given,
    rows => rows,
  )
}

/** `pattern` is matched with `METHOD url`. Status 200 unless given; a body that is no text is sent as JSON. */
export function onHttp(
  pattern: Pattern,
  given: Given<
    HttpCall,
    { status?: number; reason?: string; headers?: Record<string, string>; body?: Json; milliseconds?: number }
  > = {},
): Answer {
  return answer(
    (call): call is HttpCall => call.method === 'http',
    call => `${call.request.method} ${call.request.url}`,
    pattern,
    given,
    ({ body = '', ...rest }): HttpResponse => ({
      status: 200,
      headers: {},
      milliseconds: 1,
      body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
      ...rest,
    }),
  )
}

/** `pattern` is matched with `address:port: name TYPE`. An authoritative NOERROR unless given. */
export function onDns(
  pattern: Pattern,
  given: Given<DnsCall, Partial<Omit<DnsAnswer, 'records'>> & { records?: DnsRecord[] }> = {},
): Answer {
  return answer(
    (call): call is DnsCall => call.method === 'dns',
    call => `${call.where}: ${call.name} ${call.type}`,
    pattern,
    given,
    (value): DnsAnswer => ({ code: 'NOERROR', authoritative: true, records: [], ...value }),
  )
}

/** For a write that must fail or be noticed; `pattern` is matched with `host: path`. */
export function onWriteFile(pattern: Pattern, given: Given<FileCall, undefined> = undefined): Answer {
  return answer(
    (call): call is FileCall => call.method === 'writeFile',
    call => `${call.where}: ${call.path}`,
    pattern,
    given,
    () => 'written',
  )
}

function answer<Call extends RecordedCall, Value>(
  isMine: (call: RecordedCall) => call is Call,
  subject: (call: Call) => string,
  pattern: Pattern,
  given: Given<Call, Value>,
  complete: (value: Value) => unknown,
): Answer {
  return {
    takes: call =>
      isMine(call) &&
      (typeof pattern === 'string' ? subject(call).includes(pattern) : pattern.test(subject(call))),
    async give(call) {
      const value =
        typeof given === 'function' ? await (given as (call: Call) => Value | Error)(call as Call) : given
      return value instanceof Error ? value : complete(value)
    },
  }
}

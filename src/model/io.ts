import type { Json } from './json.ts'
import type { Text } from './text.ts'

/** A command is an argv, never a shell string; the transport quotes it for ssh. */
export type Argv = readonly string[]
export type CommandResult = { exitCode: number; stdout: string; stderr: string }
export type CommandOptions = {
  /** Given on standard input. The place for a secret: an argv is seen by every user of the host. */
  input?: string
  /** A non-zero exit is returned instead of thrown as a Failure. */
  allowFailure?: boolean
  /** Called for each line of stdout as it comes (progress). `\r` ends a line too. */
  onLine?: (line: string) => void
  /** The remote program runs as this user (sudo -n -u, or runuser when already root). */
  asUser?: string
  timeoutSeconds?: number
}

/**
 * A server that statements are sent to. What its driver needs beside this (role, database, TLS) is known to the transport and to the
 * kinds that use that driver: `src/transport/postgres-connection.ts`.
 */
export type Connection = { driver: string; host: string; port: number }
/** One row of a statement's answer, by column. */
export type Row = Record<string, Json>

export type HttpRequest = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string
  /** Instead of `body`, where it is no text. */
  binaryBody?: Uint8Array
  timeoutSeconds?: number
  /** Connect here instead of resolving the URL's name: asks the target before the DNS names it. */
  connectTo?: { address: string; port: number }
  /**
   * Fingerprint of the server's certificate: 32 pairs of hexadecimal figures, with or without colons. No byte of the
   * request is sent to a server that shows another one; the authority that signed the certificate is then ignored.
   */
  pinnedCertificateSha256?: string
  /** Sent although the attempt was aborted, for at most `timeoutSeconds`: it ends what the attempt left at work elsewhere. */
  evenAborted?: boolean
}
export type HttpResponse = {
  status: number
  /** The words beside the status, where the server has some. */
  reason?: string
  headers: Record<string, string>
  body: Uint8Array
  milliseconds: number
}

export type DnsRecord = { name: string; type: string; ttlSeconds: number; data: string }
export type DnsAnswer = { code: string; authoritative: boolean; records: DnsRecord[] }

export type Progress = {
  bytesDone?: number
  bytesTotal?: number
  itemsDone?: number
  itemsTotal?: number
  /** A sentence; a string is a name, or what a program printed. */
  note?: Text | string
}

/**
 * What reading the world needs. Audit, probes and checks get this and nothing more: statements run in a
 * read-only transaction, `read` is for commands that change nothing. `ssh` names come from `Host.ssh`.
 */
export type ReadIo = {
  read(host: string, argv: Argv, options?: CommandOptions): Promise<CommandResult>
  query(connection: Connection, text: string, values?: Json[]): Promise<Row[]>
  /** Several statements that must see one session (snapshots, cursors), read only. */
  querySession<T>(connection: Connection, work: (query: Query) => Promise<T>): Promise<T>
  http(request: HttpRequest): Promise<HttpResponse>
  /** Asks one server, at `address:port`, without recursion unless `recurse`. */
  dns(
    server: { address: string; port: number },
    name: string,
    type: string,
    options?: { recurse?: boolean },
  ): Promise<DnsAnswer>
  /** A program on the machine Bascule runs on (iperf3 client, nsupdate for a dry check). */
  local(argv: Argv, options?: CommandOptions): Promise<CommandResult>
  secret(reference: string): Promise<string>
  sleep(seconds: number): Promise<void>
  /** ISO instant of now. */
  now(): string
  report(progress: Progress): void
  /** Fires when the attempt is aborted: its commands are ended, at the remote host too. */
  signal: AbortSignal
}
export type Query = (text: string, values?: Json[]) => Promise<Row[]>

/** What changing the world needs on top. Only a step's apply and undo get it. */
export type ChangeIo = ReadIo & {
  change(host: string, argv: Argv, options?: CommandOptions): Promise<CommandResult>
  execute(connection: Connection, text: string, values?: Json[]): Promise<Row[]>
  changeLocal(argv: Argv, options?: CommandOptions): Promise<CommandResult>
  /** Writes a whole file atomically (temporary file, fsync, rename), with mode in octal, e.g. '0640'. */
  writeFile(
    host: string,
    path: string,
    content: string,
    options: { mode: string; owner?: string },
  ): Promise<void>
}

import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo, CommandOptions, CommandResult, Connection } from '../../src/model/io.ts'
import { aborted, commandFailed, timedOut } from '../../src/transport/command-failures.ts'
import { postgresConnection } from '../../src/transport/postgres-connection.ts'
import { sqlFailure } from '../../src/transport/sql-failures.ts'
import { sshFailure } from '../../src/transport/ssh-failures.ts'
import type { Transport } from '../../src/transport/transport.ts'
import { Killed } from '../doubles/memory-journal.ts'
import { hostAt, type PaperEstate } from './estate.ts'

/** What becomes of one call. */
export type Fate = { lost?: 'request' | 'answer'; twice?: boolean; slowSeconds?: number }
/** Who calls: nothing that it sends after its death leaves, and what is on its way arrives all the same. */
export type Caller = { isDead: boolean; fateOf: (what: string, isChange: boolean) => Fate }

type Call<T> = {
  /** ssh name or address; undefined: a place that both sites share. */
  host: string | undefined
  what: string
  isChange: boolean
  patienceSeconds: number
  carryOut: () => T | Promise<T>
  silence: () => Error | T
}
type UnderWay = { key: string; host: string | undefined; isEnded: boolean }

const connectSeconds = 10

/** The transport of one program to the paper estate: every call takes time, and may find nobody, be lost, or come twice. */
export class PaperTransport implements Transport {
  readonly #estate: PaperEstate
  readonly #caller: Caller
  /** Of all programs: a dead one leaves its commands at work. */
  readonly #underWay: Set<UnderWay>
  #calls = 0

  constructor(estate: PaperEstate, caller: Caller, underWay: Set<UnderWay>) {
    this.#estate = estate
    this.#caller = caller
    this.#underWay = underWay
  }

  readonly calls = () => []
  readonly changes = () => 0
  async connect() {
    return {}
  }
  async close() {}

  async killOrphanedCommands(key: string, hosts: string[] = []) {
    const ended: { host: string; pid: number }[] = []
    for (const host of hosts) {
      await this.#sleep(0.05)
      if (!this.#reaches(host)) throw unreachable(host)
      for (const one of this.#underWay)
        if (one.key === key && one.host === host) {
          one.isEnded = true
          ended.push({ host, pid: 1 })
        }
    }
    return ended
  }

  ioFor({ key, signal, onProgress }: Parameters<Transport['ioFor']>[0]): ChangeIo {
    const { primary, authority, clusters } = this.#estate
    const ioAt = (host: string): ChangeIo => this.#estate.ioAt(host)
    const call = <T>(one: Call<T>): Promise<T> => this.#call(key, signal, one)
    const command = (
      host: string,
      argv: readonly string[],
      options: CommandOptions = {},
      isChange: boolean,
    ) => {
      // asked before a run begins: no adversary is there yet
      if (argv[1] === '+%s.%N') return Promise.resolve(this.#clockOf(host))
      const { timeoutSeconds = Number.POSITIVE_INFINITY } = options
      return call<CommandResult>({
        ...{ host, isChange },
        what: `${host}: ${argv.filter(word => word.length < 60).join(' ')}`,
        patienceSeconds: Math.min(connectSeconds, timeoutSeconds),
        carryOut: () => {
          const own = authority.run(host, argv, options.input)
          if (own !== undefined) return checked(host, own, options)
          if (argv[0] === 'true') return { exitCode: 0, stdout: '', stderr: '' }
          const io = ioAt(host)
          return isChange ? io.change(host, argv, options) : io.read(host, argv, options)
        },
        silence: () =>
          timeoutSeconds < connectSeconds ? timedOut(host, argv, timeoutSeconds) : unreachable(host),
      })
    }
    const sql = (
      connection: Connection,
      text: string,
      values: Parameters<ChangeIo['query']>[2],
      isChange: boolean,
    ) =>
      call({
        ...{ host: connection.host, isChange },
        what: `${connection.host}: ${text.replaceAll(/\s+/g, ' ').slice(0, 80)}`,
        patienceSeconds: connectSeconds,
        carryOut: () =>
          isChange
            ? clusters.io.execute(connection, text, values)
            : clusters.io.query(connection, text, values),
        silence: () =>
          sqlFailure(
            postgresConnection(connection),
            Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }),
          ),
      })
    const update = (argv: readonly string[], options: CommandOptions | undefined, isChange: boolean) =>
      call<CommandResult>({
        ...{ host: undefined, isChange },
        what: `nsupdate ${options?.input?.split('\n').find(line => line.startsWith('update add')) ?? ''}`,
        patienceSeconds: 5,
        carryOut: () => primary.io.changeLocal(argv, options),
        silence: () => ({
          ...{ exitCode: 2, stdout: '' },
          stderr: '; Communication with 10.80.4.54#53 failed: timed out\n',
        }),
      })
    return {
      read: (host, argv, options) => command(host, argv, options, false),
      change: (host, argv, options) => command(host, argv, options, true),
      query: (connection, text, values) => sql(connection, text, values, false),
      execute: (connection, text, values) => sql(connection, text, values, true),
      querySession: async () => {
        throw new Error('no kind here asks in a session')
      },
      writeFile: (host, path, content, options) =>
        call({
          ...{ host, isChange: true, what: `${host}: write ${path}`, patienceSeconds: connectSeconds },
          carryOut: () =>
            authority.full.has(host)
              ? Promise.reject(commandFull(host))
              : ioAt(host).writeFile(host, path, content, options),
          silence: () => unreachable(host),
        }),
      http: request =>
        call({
          ...{ host: request.connectTo?.address ?? new URL(request.url).hostname, isChange: false },
          what: `GET ${request.url}`,
          patienceSeconds: request.timeoutSeconds ?? 5,
          carryOut: () => this.#estate.services.io.http(request),
          silence: () => new Error('failed', { cause: new Error('connect ETIMEDOUT') }),
        }),
      dns: (server, name, type, options) =>
        call({
          ...{ host: undefined, isChange: false, what: `dns ${name} ${type}`, patienceSeconds: 5 },
          carryOut: () => primary.io.dns(server, name, type, options),
          silence: () => new Error('no answer within 5 s'),
        }),
      local: (argv, options) => update(argv, options, false),
      changeLocal: (argv, options) => update(argv, options, true),
      secret: async reference => (reference.startsWith('env:') ? clusters.io.secret(reference) : 'c2VjcmV0'),
      sleep: async seconds => {
        await this.#estate.clock.sleep(seconds, signal)
        this.#mustLive()
        if (signal.aborted) throw aborted('sleep', signal.reason)
      },
      now: () => this.#estate.clock.now().toString(),
      report: progress => onProgress?.(progress),
      signal,
    }
  }

  #clockOf(host: string): CommandResult {
    if (!this.#reaches(host)) throw unreachable(host)
    const seconds = this.#estate.clock.now().epochMilliseconds / 1000
    return { exitCode: 0, stdout: `${seconds}\n`, stderr: '' }
  }

  #mustLive(): void {
    if (this.#caller.isDead) throw new Killed('the program is dead')
  }

  async #call<T>(key: string, signal: AbortSignal, call: Call<T>): Promise<T> {
    this.#mustLive()
    if (signal.aborted) throw aborted(call.what, signal.reason)
    const host = call.host === undefined ? undefined : hostAt(call.host)
    const one: UnderWay = { key, host, isEnded: false }
    this.#underWay.add(one)
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => {
      // its end is asked for at the host: where nobody hears that, or nobody is left to ask, it goes on
      if (!this.#caller.isDead && this.#reaches(host)) one.isEnded = true
      reject(aborted(call.what, signal.reason))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const work = this.#travel(one, call)
    work.catch(() => {})
    ended.catch(() => {})
    return Promise.race([work, ended]).finally(() => signal.removeEventListener('abort', onAbort))
  }

  async #travel<T>(
    one: UnderWay,
    { what, isChange, patienceSeconds, carryOut, silence }: Call<T>,
  ): Promise<T> {
    const estate = this.#estate
    const { lost, twice, slowSeconds = 0 } = this.#caller.fateOf(what, isChange)
    const lose = async (): Promise<T> => {
      await this.#sleep(patienceSeconds)
      this.#mustLive()
      const said = silence()
      if (said instanceof Error) throw said
      return said
    }
    try {
      await this.#sleep(0.01 + ((this.#calls++ * 7) % 11) / 400 + slowSeconds)
      estate.sync()
      if (one.isEnded) throw new Error('ended at the host')
      if (lost === 'request' || !this.#reaches(one.host)) return await lose()
      const answer = await this.#known(what, carryOut)
      if (twice === true) await carryOut()
      if (isChange) estate.judge(what)
      await this.#sleep(0.01)
      if (lost === 'answer' || !this.#reaches(one.host)) return await lose()
      this.#mustLive()
      return answer
    } finally {
      this.#underWay.delete(one)
    }
  }

  /** What no double has an answer to is no answer of the estate. */
  async #known<T>(what: string, carryOut: () => T | Promise<T>): Promise<T> {
    try {
      return await carryOut()
    } catch (error) {
      const isRefused = error instanceof Error && error.cause instanceof Error
      if (!(error instanceof Failure || isRefused)) this.#estate.violated(`${what}: ${error}`)
      throw error
    }
  }

  #reaches(host: string | undefined): boolean {
    return host === undefined || this.#estate.reaches(host)
  }

  #sleep(seconds: number): Promise<void> {
    return this.#estate.clock.sleep(seconds, never)
  }
}

const never = new AbortController().signal

const unreachable = (host: string): Failure =>
  sshFailure(host, { connectTimeoutSeconds: connectSeconds }, 'connection timed out')
const commandFull = (host: string): Failure =>
  commandFailed(host, ['sh'], { exitCode: 1, stdout: '', stderr: 'No space left on device' })

function checked(host: string, result: CommandResult, { allowFailure }: CommandOptions): CommandResult {
  if (result.exitCode === 0 || allowFailure === true) return result
  throw commandFailed(host, ['sh'], result)
}

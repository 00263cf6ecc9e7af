import type { Argv, ChangeIo, HttpRequest } from '../../src/model/io.ts'

export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }

/** Two sites in memory: services that a manager starts and stops, edges with a flag file, and a clock of its own. */
export class ServiceHosts {
  readonly calls: string[] = []
  readonly flags = new Set<string>()
  readonly running = new Set<string>()
  readonly disabled = new Set<string>()
  seconds = 0
  /** Hosts at which a started service does not come up; a number is how many starts fail. */
  broken: Record<string, number> = {}
  /** Hosts at which a service ignores that it is asked to stop. */
  stubborn = new Set<string>()
  /** The edge does not look at its flag. */
  deafEdges = new Set<string>()
  answer: (request: HttpRequest) => Answer | undefined = () => undefined

  readonly io: ChangeIo = {
    read: async (host, argv) => this.#command(host, argv),
    change: async (host, argv) => {
      this.calls.push(`${host}: ${argv.join(' ')}`)
      return this.#command(host, argv)
    },
    writeFile: async (host, path) => {
      this.calls.push(`${host}: write ${path}`)
      this.flags.add(`${host}:${path}`)
    },
    http: async request => this.#http(request),
    secret: async reference => `value of ${reference}`,
    sleep: async seconds => {
      this.seconds += seconds
    },
    now: () => new Date(Date.UTC(2026, 11, 12) + this.seconds * 1000).toISOString(),
    report: () => undefined,
    signal: new AbortController().signal,
  } as Partial<ChangeIo> as ChangeIo

  #command(host: string, argv: Argv) {
    const done = { exitCode: 0, stdout: '', stderr: '' }
    const words = argv.join(' ')
    if (words.startsWith('sv status')) {
      const state = this.running.has(host) ? 'run: auth: (pid 7) 9s' : 'down: auth: 9s'
      const odd = this.running.has(host) === this.disabled.has(host)
      const normally = this.running.has(host) ? ', normally down' : ', normally up'
      return { ...done, stdout: `${state}${odd ? normally : ''}; run: log: (pid 8) 9s\n` }
    }
    if (words.startsWith('sv up')) {
      const left = this.broken[host] ?? 0
      if (left > 0) this.broken[host] = left - 1
      else this.running.add(host)
    }
    if (words.startsWith('sv -w') && !this.stubborn.has(host)) this.running.delete(host)
    if (words.startsWith('touch')) this.disabled.add(host)
    if (words.startsWith('rm') && words.endsWith('/down')) this.disabled.delete(host)
    else if (words.startsWith('rm')) this.flags.delete(`${host}:${argv.at(-1)}`)
    if (words.startsWith('tail')) return { ...done, stdout: 'cannot open the database\n' }
    if (words.startsWith('test -e') && !this.flags.has(`${host}:${argv.at(-1)}`))
      return { ...done, exitCode: 1 }
    return done
  }

  async #http(request: HttpRequest) {
    const given = this.answer(request) ?? this.#service(request)
    if (given === undefined) throw new Error('failed', { cause: new Error('connect ECONNREFUSED') })
    const body = new TextEncoder().encode(
      typeof given.body === 'string' ? given.body : JSON.stringify(given.body ?? {}),
    )
    return { status: given.status ?? 200, headers: given.headers ?? {}, body, milliseconds: 3 }
  }

  #service({ url, connectTo }: HttpRequest): Answer | undefined {
    const address = connectTo?.address ?? new URL(url).hostname
    const site = address.startsWith('10.80.1.') ? 'montpellier' : 'toulouse'
    const isUp = this.running.has(`${site}-auth`)
    if (!connectTo) return isUp ? {} : undefined
    const gateway = `${site}-gateway`
    if (!this.deafEdges.has(gateway) && this.flags.has(`${gateway}:/etc/estate/maintenance/auth`))
      return { status: 503 }
    return { status: isUp ? 200 : 502 }
  }
}

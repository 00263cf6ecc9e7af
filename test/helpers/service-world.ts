import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { Argv, ChangeIo, HttpRequest } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component, Plan } from '../../src/model/plan.ts'
import type { RunMode } from '../../src/model/step.ts'

const hosts = (site: string, lan: string) =>
  Object.fromEntries(
    [
      ['gateway', 1],
      ['auth', 30],
    ].map(([role, last]) => [
      role,
      { ssh: `${site}-${role}`, address: `${lan}.${last}`, become: 'runuser' as const },
    ]),
  )

export const plan = {
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: hosts('montpellier', '10.80.1') },
    target: { id: 'toulouse', title: 'Toulouse', hosts: hosts('toulouse', '10.80.2') },
  },
  window: { lengthMinutes: 120 },
  rollback: { serviceStartAttempts: 3 },
  components: {},
} as unknown as Plan

export const specWith = (changes: JsonObject = {}): JsonObject => ({
  source: { host: 'auth', url: 'http://10.80.1.30:8080' },
  target: { host: 'auth', url: 'http://10.80.2.30:8080' },
  manager: { runit: 'auth' },
  publicUrl: 'http://auth.techcorp.test',
  maintenance: { host: 'gateway', file: '/etc/estate/maintenance/auth' },
  health: { path: '/health' },
  ...changes,
})

export function component(changes: JsonObject = {}): Component {
  const spec = serviceSpec.parse(specWith(changes)) as unknown as JsonObject
  return {
    id: 'auth',
    kind: 'service',
    title: 'auth',
    criticality: 'critical',
    owner: 'sysadmin',
    needs: [],
    spec,
  }
}

/** A step as the compiler makes it. */
export function contextOf(mode: RunMode, name: string, changes: JsonObject = {}): StepContext {
  const own = component(changes)
  const planned = kind.plan(own, {}, { plan, mode, facts: {} }).find(step => step.name === name)
  if (!planned) throw new Error(`no step ${name}`)
  const step = { ...planned, id: `auth.${name}`, component: 'auth', kind: 'service', owner: 'sysadmin' }
  return { step, component: own, plan, facts: {}, mode, fencingNumber: 1, results: {} }
}

export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }

/** Two sites in memory: services that a manager starts and stops, edges with a flag file, and a clock of its own. */
export class World {
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

import type { Argv, ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'

type Unit = { installed: boolean; enabled: boolean; running: boolean; life: number }

/** Two sites in memory whose systemd has a worker and the timer that starts it; and a clock of its own. */
export class PlainServiceHosts {
  readonly calls: string[] = []
  readonly units = new Map<string, Unit>()
  /** Drop-ins on the disk, and those that systemd has read. */
  readonly written = new Set<string>()
  readonly loaded = new Set<string>()
  seconds = 0
  /** Units that do not end when they are asked to. */
  stubborn = new Set<string>()
  /** Hosts at which a started unit ends at once; a number is how many starts fail. */
  broken: Record<string, number> = {}
  /** Units that end and are started again all the time. */
  restless = new Set<string>()
  /** Hosts at which the health command succeeds whatever runs. */
  impostors = new Set<string>()
  /** Hosts whose systemd does not read what is written. */
  deaf = new Set<string>()

  readonly io: ChangeIo = {
    read: async (host, argv) => this.#command(host, argv),
    change: async (host, argv, options) => {
      this.calls.push(`${host}: ${argv.join(' ')}`)
      return this.#command(host, argv, options)
    },
    sleep: async seconds => {
      this.seconds += seconds
    },
    now: () => new Date(Date.UTC(2026, 11, 12) + this.seconds * 1000).toISOString(),
    report: () => undefined,
    signal: new AbortController().signal,
  } as Partial<ChangeIo> as ChangeIo

  constructor() {
    for (const unit of ['worker.service', 'worker.timer']) {
      this.units.set(`montpellier-auth ${unit}`, { installed: true, enabled: true, running: true, life: 1 })
      this.units.set(`toulouse-auth ${unit}`, { installed: true, enabled: false, running: false, life: 0 })
    }
  }

  at(host: string, unit: string): Unit {
    const found = this.units.get(`${host} ${unit}`)
    return found ?? { installed: false, enabled: false, running: false, life: 0 }
  }

  /** What somebody at the host, a timer or a boot brings about: whether the unit runs then. */
  start(host: string, unit: string): boolean {
    const found = this.at(host, unit)
    if (this.loaded.has(`${host} ${unit}`)) return found.running
    const left = this.broken[host] ?? 0
    if (left > 0) this.broken[host] = left - 1
    else if (!found.running) Object.assign(found, { running: true, life: found.life + 1 })
    return found.running
  }

  state() {
    // How often a unit was started is no state.
    const units = [...this.units].map(([name, { life: _, ...unit }]) => [name, unit])
    return [units, [...this.written].sort(), [...this.loaded].sort()]
  }

  #command(host: string, argv: Argv, { input }: CommandOptions = {}): CommandResult {
    const done = { exitCode: 0, stdout: '', stderr: '' }
    const [program, second = ''] = argv
    if (program === 'timeout') return this.#command(host, argv.slice(3))
    const unit = this.at(host, argv.at(-1) ?? '')
    if (program === 'worker-is-well') {
      const healthy = this.impostors.has(host) || this.at(host, 'worker.service').running
      return healthy ? done : { ...done, exitCode: 3, stderr: 'no worker\n' }
    }
    if (program === 'install' && input?.includes('AssertPathExists=!/'))
      this.written.add(`${host} ${unitOf(argv)}`)
    if (program === 'rm') this.written.delete(`${host} ${unitOf(argv)}`)
    if (argv.includes('look-systemd.sh')) return { ...done, stdout: this.#show(host, argv.at(-2) ?? '') }
    if (program === 'journalctl') return { ...done, stdout: 'no such queue\n' }
    if (program !== 'systemctl') return done
    if (second === 'daemon-reload') this.#reload(host)
    if (second === 'show') return { ...done, stdout: this.#show(host, argv.at(-1) ?? '') }
    if (second === 'status') return { ...done, stdout: '├─ 4711 /usr/bin/worker\n' }
    if (second === 'start') this.start(host, argv.at(-1) ?? '')
    if (second === 'stop' && !this.stubborn.has(`${host} ${argv.at(-1)}`)) unit.running = false
    if (second === 'enable') unit.enabled = true
    if (second === 'disable') unit.enabled = false
    return done
  }

  #reload(host: string) {
    if (this.deaf.has(host)) return
    for (const name of this.loaded) if (name.startsWith(`${host} `)) this.loaded.delete(name)
    for (const name of this.written) if (name.startsWith(`${host} `)) this.loaded.add(name)
  }

  #show(host: string, name: string): string {
    const unit = this.at(host, name)
    if (this.restless.has(`${host} ${name}`)) unit.life += 1
    return [
      `LoadState=${unit.installed ? 'loaded' : 'not-found'}`,
      `ActiveState=${unit.running ? 'active' : 'inactive'}`,
      `SubState=${unit.running ? 'running' : 'dead'}`,
      `UnitFileState=${unit.enabled ? 'enabled' : 'disabled'}`,
      `InvocationID=${unit.running ? unit.life : ''}`,
      `DropInPaths=${this.loaded.has(`${host} ${name}`) ? `/etc/systemd/system/${name}.d/zz-blocked-by-bascule.conf` : ''}`,
      ...(this.written.has(`${host} ${name}`) ? ['Refusal=written'] : []),
    ].join('\n')
  }
}

const unitOf = (argv: Argv) => /\/([^/]+)\.d\/zz-blocked-by-bascule\.conf$/.exec(argv.at(-1) ?? '')?.[1] ?? ''

import { kind } from '../../src/kinds/line/index.ts'
import type { CommandResult } from '../../src/model/io.ts'
import type { Plan } from '../../src/model/plan.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { planWith } from '../helpers/files-world.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const component = {
  ...{ id: 'line', kind: 'line', title: 'Line', criticality: 'high' as const, owner: 'network', needs: [] },
  spec: {
    source: { host: 'gateway' },
    target: { host: 'gateway' },
    main: { interfaces: ['wan'], probe: { interface: 'intersite', address: '10.0.3.2' } },
    backup: { interface: 'backup', address: '198.51.100.12', declaredMbps: 20, capMbps: 5 },
    between: { source: ['10.0.1.0/24', '2001:db8:1::/48'], target: ['10.0.2.0/24', '2001:db8:2::/48'] },
    askedFrom: { outside: 'stranger' },
    services: [
      { name: 'web', url: 'http://auth.techcorp.test/' },
      { name: 'smtp', port: 25 },
      { name: 'vpn', port: 51_820, protocol: 'udp' },
    ],
  },
}

type Amiss = {
  /** Programs that the hosts lack; they end with 127. */
  missing?: string
  /** Nothing answers, at either line. */
  silent?: boolean
  links?: string[]
  /** What iperf3 says of the backup line. */
  measured?: string
  /** A queue of the administrator’s, or what stands in the way of ours. */
  qdiscs?: string[]
}

/** What ip and tc do at the target’s gateway: devices, their queues, and filters that lead to them. */
class Gateway {
  readonly #links: Set<string>
  readonly #qdiscs = new Map<string, { kind: string; options?: { rate: number } }[]>()
  #filters: { line: string; direction: string; protocol: string; pref: string; to: string }[] = []

  constructor(amiss: Amiss) {
    this.#links = new Set(amiss.links ?? ['lo', 'wan', 'backup'])
    this.#qdiscs.set(
      'backup',
      (amiss.qdiscs ?? ['fq_codel']).map(name => ({ kind: name })),
    )
  }

  state = () => ({ links: [...this.#links], qdiscs: [...this.#qdiscs], filters: this.#filters })

  run(argv: readonly string[]): string | Partial<CommandResult> {
    const words = argv.join(' ')
    const has = (pattern: string) => new RegExp(`^${pattern}$`).exec(words)?.slice(1)
    if (words === 'ip -j address show')
      return JSON.stringify(
        [...this.#links].map(ifname => ({ ifname, addr_info: [{ local: '198.51.100.12' }] })),
      )
    let found = has('tc -j qdisc show dev (\\S+)')
    if (found) {
      const [device = ''] = found
      return this.#links.has(device) ? JSON.stringify(this.#qdiscs.get(device) ?? []) : { exitCode: 1 }
    }
    found = has('tc filter show dev (\\S+) (\\S+)')
    if (found) return this.#listing(found[0] ?? '', found[1] ?? '')
    return this.#change(has) ? '' : { exitCode: 2, stderr: 'Error: Exclusivity flag on, cannot modify.' }
  }

  #listing(line: string, direction: string): string {
    const own = this.#filters.filter(one => one.line === line && one.direction === direction)
    return own
      .map(
        ({ protocol, pref, to }) =>
          `filter protocol ${protocol} pref ${pref} u32 chain 0 fh 800::800\n  action order 1: mirred (Egress Redirect to device ${to}) stolen\n`,
      )
      .join('')
  }

  /** False: the kernel would refuse it. */
  #change(has: (pattern: string) => string[] | undefined): boolean {
    let found = has('ip link add (\\S+) type ifb')
    if (found) return !this.#links.has(found[0] ?? '') && Boolean(this.#links.add(found[0] ?? ''))
    found = has('ip link set (\\S+) up')
    if (found) return this.#links.has(found[0] ?? '')
    found = has('ip link delete (\\S+)')
    if (found) {
      this.#qdiscs.delete(found[0] ?? '')
      return this.#links.delete(found[0] ?? '')
    }
    found = has('tc qdisc add dev (\\S+) (?:root )?(tbf|clsact)(?: rate (\\d+)kbit .*)?')
    if (found) {
      const [device = '', name = '', kbit] = found
      const there = this.#qdiscs.get(device) ?? []
      if (!this.#links.has(device) || there.some(one => one.kind === name)) return false
      const options = kbit === undefined ? {} : { options: { rate: (Number(kbit) * 1000) / 8 } }
      this.#qdiscs.set(device, [...there, { kind: name, ...options }])
      return true
    }
    found = has('tc qdisc delete dev (\\S+) clsact')
    if (found) return this.#removeHook(found[0] ?? '')
    found = has('tc filter add dev (\\S+) (\\S+) protocol (\\S+) pref (\\d+) .* redirect dev (\\S+)')
    if (found) {
      const [line = '', direction = '', protocol = '', pref = '', to = ''] = found
      this.#filters = [...this.#filters, { line, direction, protocol, pref, to }]
      return this.#hooked(line) && this.#links.has(to)
    }
    found = has('tc filter delete dev (\\S+) (\\S+) pref (\\d+)')
    if (!found) throw new Error('no such command is known')
    const [line, direction, pref] = found
    const left = this.#filters.filter(
      one => one.line !== line || one.direction !== direction || one.pref !== pref,
    )
    const wasThere = left.length < this.#filters.length
    this.#filters = left
    return wasThere
  }

  #hooked = (line: string) => this.#qdiscs.get(line)?.some(one => one.kind === 'clsact') ?? false
  #removeHook(line: string): boolean {
    const wasThere = this.#hooked(line)
    this.#qdiscs.set(line, this.#qdiscs.get(line)?.filter(one => one.kind !== 'clsact') ?? [])
    this.#filters = this.#filters.filter(one => one.line !== line)
    return wasThere
  }
}

function opened(amiss: Amiss = {}) {
  const gateway = new Gateway(amiss)
  const { missing, silent } = amiss
  const lacking = missing === undefined ? [] : [onCommand(new RegExp(`: ${missing} `), { exitCode: 127 })]
  const measured = amiss.measured ?? JSON.stringify({ end: { sum_received: { bits_per_second: 18e6 } } })
  const io = recordingIo({
    answers: [
      onCommand('missing-programs.sh', ({ argv }) => argv.filter(name => name === missing).join('\n')),
      ...lacking,
      onCommand('fping', { exitCode: silent ? 1 : 0 }),
      onCommand('ip -j route get', JSON.stringify([{ dev: silent ? 'wan' : 'backup' }])),
      onCommand('--server', ''),
      onCommand('--client', measured),
      onCommand('curl', silent ? { exitCode: 28 } : '301'),
      onCommand('connect.sh', { exitCode: silent ? 1 : 0 }),
      onCommand('send-datagrams.sh', { exitCode: silent ? 1 : 0 }),
      onCommand(/^toulouse-gateway: (ip|tc) /, ({ argv }) => gateway.run(argv)),
    ],
  })
  return { io, state: gateway.state }
}

const outside = { stranger: { ssh: 'stranger', address: '203.0.113.9', become: 'runuser' as const } }
judgeKind(kind, {
  plan: { ...planWith(component), outside } as Plan,
  component,
  open: () => opened(),
  amiss: {
    'fping is missing': () => opened({ missing: 'fping' }),
    'curl is missing': () => opened({ missing: 'curl' }),
    'nothing answers': () => opened({ silent: true }),
    'the backup line is not there': () => opened({ links: ['lo', 'wan'] }),
    'the backup line cannot be measured': () => opened({ measured: '{"error": "no route to host"}' }),
    'the older ingress queue is in the way': () => opened({ qdiscs: ['ingress'] }),
  },
})

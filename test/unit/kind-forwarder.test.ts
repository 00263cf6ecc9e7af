import { kind } from '../../src/kinds/forwarder/index.ts'
import type { CommandResult } from '../../src/model/io.ts'
import type { Plan } from '../../src/model/plan.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand, onWriteFile } from '../doubles/recording-answers.ts'
import { planWith } from '../helpers/files-world.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const [old, fresh] = ['192.0.2.1', '198.51.100.1']
const file = '/etc/nftables.d/bascule-forward.nft'
const component = {
  ...{ id: 'old', kind: 'forwarder', title: 'Old addresses', criticality: 'high' as const, owner: 'network' },
  needs: [],
  spec: {
    source: { host: 'gateway' },
    forward: [
      { service: 'web', protocol: 'tcp', port: 80, from: old, to: fresh },
      { service: 'vpn', protocol: 'udp', port: 51_820, from: old, to: fresh },
    ],
    acceptIn: [{ table: 'inet filter', chain: 'forward' }],
    persist: { file },
    askedFrom: { outside: 'tester' },
  },
}

type Amiss = {
  missing?: string
  /** Addresses that refuse connections. */
  closed?: string
  /** A table of our name, or a file in the place of ours, that is somebody else’s. */
  table?: string
  kept?: string
  /** No chain of the administrator’s has the name that the plan gives. */
  chain?: string
  /** What passes is dropped on its way: nothing is counted. */
  dropped?: boolean
  forwarding?: '0' | '1'
  addresses?: string[]
  legacy?: string
  directory?: boolean
}
type Rule = { table: string; chain: string; handle: number; comment: string }

/** The old gateway: what nft and conntrack do there, all of a script or nothing. */
class Gateway {
  readonly #amiss: Amiss
  #table: string | undefined
  #rules: Rule[] = []
  #handles = 10
  #packets = 0
  /** Of clients from before: by what they asked. */
  #connections = [`-p tcp --orig-dst ${old} --orig-port-dst 80 --reply-src ${old}`]
  readonly #files = new Map([['/etc/nftables.conf', 'include "/etc/nftables.d/*.nft"\n']])

  constructor(amiss: Amiss) {
    this.#amiss = amiss
    this.#table = amiss.table
    if (amiss.kept !== undefined) this.#files.set(file, amiss.kept)
  }

  /** Numbers are given anew, and connections come and go. */
  state = () => ({
    table: this.#table,
    rules: this.#rules.map(({ handle: _, ...rule }) => rule),
    files: [...this.#files],
  })
  write = (path: string, content: string) => void this.#files.set(path, content)

  run(argv: readonly string[], input: string): string | Partial<CommandResult> {
    const words = argv.join(' ')
    if (words === 'nft -j list ruleset') return JSON.stringify({ nftables: this.#listed() })
    if (words.startsWith('nft -s -t list table')) return this.#table ?? { exitCode: 1 }
    if (words === 'nft -c -f -') return this.#load(input, false)
    if (words === 'nft -f -') return this.#load(input, true)
    if (argv[0] === 'conntrack') return this.#conntrack(argv[1] === '-D', words)
    if (words === 'ip -j address')
      return JSON.stringify([{ addr_info: (this.#amiss.addresses ?? [old]).map(local => ({ local })) }])
    if (words.startsWith('cat /proc/sys')) return this.#amiss.forwarding ?? '1'
    if (words.includes('ip_tables_names')) return this.#amiss.legacy ?? ''
    if (argv[0] === 'cat') return this.#files.get(argv.at(-1) ?? '') ?? { exitCode: 1 }
    if (argv[0] === 'rm') return this.#files.delete(argv.at(-1) ?? '') ? '' : { exitCode: 0 }
    if (argv[0] === 'test') return { exitCode: this.#amiss.directory === false ? 1 : 0 }
    throw new Error(`no such command is known: ${words}`)
  }

  connect(address: string): Partial<CommandResult> {
    const passes = this.#table !== undefined && !this.#amiss.dropped
    if (address === old && passes) this.#packets++
    return { exitCode: this.#amiss.closed === address ? 1 : 0 }
  }

  #listed(): object[] {
    const filter = { family: 'inet', table: 'filter' }
    const own = { family: 'inet', table: 'bascule_forward_old' }
    const chain = this.#amiss.chain ?? 'forward'
    const counter = { packets: this.#packets, bytes: 60 * this.#packets }
    const key = { concat: ['203.0.113.9', old, 'tcp', 80] }
    return [
      { chain: { ...filter, name: chain, hook: 'forward', type: 'filter', prio: 0, policy: 'drop' } },
      ...this.#rules.map(({ handle, comment }) => ({
        rule: { ...filter, chain, handle, comment, expr: [{ accept: null }] },
      })),
      ...(this.#table === undefined
        ? []
        : [
            { set: { ...own, name: 'loaded', elem: [{ elem: { expires: 366 * 86_400 - 60 } }] } },
            {
              set: {
                ...own,
                name: 'clients_ip',
                elem: [{ elem: { val: key, expires: 90 * 86_400, counter } }],
              },
            },
            { rule: { ...own, chain: 'pass_on', handle: 3, comment: 'web', expr: [{ counter }] } },
          ]),
    ]
  }

  #load(script: string, isReal: boolean): string | Partial<CommandResult> {
    let [table, rules] = [this.#table, this.#rules]
    let handles = this.#handles
    const words = script.replaceAll(/^#.*\n/gm, '')
    for (const statement of words.match(/^table [^\n]*\{\n[\s\S]*?\n\}\n|^[^\n]+\n/gm) ?? []) {
      const [verb, what, family, name, chain, ...rest] = statement.trim().split(' ')
      if (verb === 'table') table = statement
      if (verb === 'add') table ??= statement
      if (verb === 'delete' && what === 'table') {
        if (table === undefined) return { exitCode: 1, stderr: 'No such file or directory' }
        table = undefined
      }
      if (verb === 'insert') {
        if (chain !== (this.#amiss.chain ?? 'forward'))
          return { exitCode: 1, stderr: 'Error: No such file or directory' }
        const comment = /comment "(.*)"/.exec(statement)?.[1] ?? ''
        rules = [{ table: `${family} ${name}`, chain, handle: handles++, comment }, ...rules]
      }
      if (verb === 'delete' && what === 'rule') {
        const left = rules.filter(({ handle }) => String(handle) !== rest[1])
        if (left.length === rules.length) return { exitCode: 1, stderr: 'No such file or directory' }
        rules = left
      }
    }
    if (isReal) [this.#table, this.#rules, this.#handles] = [table, rules, handles]
    return ''
  }

  #conntrack(deletes: boolean, words: string): string | Partial<CommandResult> {
    const found = this.#connections.filter(one => words.endsWith(one))
    if (deletes) this.#connections = this.#connections.filter(one => !found.includes(one))
    return { stdout: found.map(one => `${one}\n`).join(''), exitCode: deletes && found.length === 0 ? 1 : 0 }
  }
}

function opened(amiss: Amiss = {}) {
  const gateway = new Gateway(amiss)
  const io = recordingIo({
    answers: [
      onCommand('missing-programs.sh', amiss.missing ?? ''),
      onCommand('ip -j route get', JSON.stringify([{ prefsrc: '203.0.113.5' }])),
      onCommand('connect.sh', ({ argv }) => gateway.connect(argv.at(-2) ?? '')),
      onWriteFile('montpellier-gateway', ({ path, content }) => gateway.write(path, content) as undefined),
      onCommand('montpellier-gateway', ({ argv, options }) => gateway.run(argv, String(options.input ?? ''))),
    ],
  })
  return { io, state: gateway.state }
}

const outside = { tester: { ssh: 'tester', address: '203.0.113.7', become: 'runuser' as const } }
const foreign = 'table inet bascule_forward_old {\n}\n'
judgeKind(kind, {
  plan: { ...planWith(component), outside } as Plan,
  component,
  open: () => opened(),
  alwaysAnew: { 'dry-run': 'its worth is in having just been done' },
  amiss: {
    'nft is missing': () => opened({ missing: 'nft\n' }),
    'the new address is closed': () => opened({ closed: fresh }),
    'the old address does not answer': () => opened({ closed: old }),
    'nothing is passed on': () => opened({ dropped: true }),
    'the table is somebody else’s': () => opened({ table: foreign }),
    'the file is somebody else’s': () => opened({ kept: '# by hand\n', directory: false }),
    'the chain has another name': () => opened({ chain: 'FORWARD' }),
    'forwarding is off, the address gone, and iptables at work': () =>
      opened({ forwarding: '0', addresses: [], legacy: 'filter\n' }),
  },
})

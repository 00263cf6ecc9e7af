import { parseConfig } from '../../src/kinds/wireguard/config/parse.ts'
import { publicKeyOf } from '../../src/kinds/wireguard/keys.ts'
import { sha256Hex } from '../../src/model/canonical.ts'
import type { CommandResult } from '../../src/model/io.ts'

type Result = string | Partial<CommandResult>
const failed = (stderr: string, exitCode = 1): Result => ({ exitCode, stderr })
/** Every key of a configuration but a PublicKey’s. */
const secretKeys = /(?<!^PublicKey = .*)[A-Za-z0-9+/]{43}=/gm
const sumOf = (text: string | undefined): string => (text === undefined ? 'absent' : sha256Hex(text))

/**
 * A gateway with its files, its service and what its interface runs with: what `wg`, `sv` and the scripts of the kind do there, by
 * their names. Its configuration has its keys in it; who asks sees them hidden.
 */
export class WireguardGateway {
  readonly files = new Map<string, string>()
  #fails: 'start' | 'write' | undefined
  readonly #configFile: string
  #running = false
  #down = true
  #peers: Map<string, string> | undefined

  constructor(configFile: string, config?: string) {
    this.#configFile = configFile
    if (config !== undefined) this.files.set(configFile, config)
  }

  state = () => ({
    files: [...this.files].sort(),
    running: this.#running,
    enabled: !this.#down,
    peers: this.#peers && [...this.#peers].sort(),
  })
  write = (path: string, content: string) => void this.files.set(path, content)

  /** `start`: the service starts, and its interface does not come. `write`: another writes between a look and a write. */
  fail(how: 'start' | 'write'): void {
    this.#fails = how
  }

  start(): void {
    this.#down = false
    this.#running = true
    if (this.#fails !== 'start' && this.#config !== undefined) this.#peers = this.#peersIn()
  }
  stop(): void {
    this.#running = false
    this.#peers = undefined
  }

  get #config(): string | undefined {
    return this.files.get(this.#configFile)
  }
  #peersIn(only = ''): Map<string, string> {
    const { peers } = parseConfig(this.#config ?? '')
    return new Map(
      peers
        .filter(({ publicKey }) => only === '' || publicKey === only)
        .map(({ publicKey, allowed }) => [publicKey, allowed.join(' ')]),
    )
  }

  run(argv: readonly string[], input: string): Result {
    const words = argv.join(' ')
    const at = argv.findIndex(word => word.endsWith('.sh'))
    if (at >= 0) return this.#script(argv[at] ?? '', argv.slice(at + 1), input)
    if (words.startsWith('wg show')) return this.#shown(argv[3] ?? '')
    if (words.startsWith('wg set')) return this.#set(argv)
    if (words.startsWith('ip -o link')) return this.#peers ? 'wg0: UP' : failed('no such device')
    if (words.startsWith('date')) return '1797112800\n'
    if (words.startsWith('sv status'))
      return this.#running
        ? `run: wireguard: (pid 7) 9s${this.#down ? ', normally down' : ''}`
        : `down: wireguard: 9s${this.#down ? '' : ', normally up'}`
    if (words.startsWith('sv up')) {
      const down = this.#down
      if (!this.#running) this.start()
      this.#down = down
      return ''
    }
    if (words.startsWith('sv -w')) {
      this.stop()
      return ''
    }
    if (argv[0] === 'touch' || argv[0] === 'rm') {
      this.#down = argv[0] === 'touch'
      return ''
    }
    if (argv[0] === 'tail') return 'wg-quick: no such device\n'
    if (argv[0] === 'cat') return this.files.get(argv.at(-1) ?? '') ?? failed('No such file or directory')
    if (argv[0] === 'sha256sum') {
      const texts = argv.slice(2).map(path => this.files.get(path))
      const sums = texts.map(text => `${sumOf(text)}  -\n`).join('')
      return { stdout: sums, exitCode: texts.includes(undefined) ? 1 : 0 }
    }
    throw new Error(`no such command is known: ${words}`)
  }

  #shown(column: string): Result {
    if (this.#peers === undefined) return failed('no such device')
    const key = /^PrivateKey = (\S+)$/m.exec(this.#config ?? '')?.[1] ?? ''
    if (column === 'public-key') return `${publicKeyOf(key, 'a test')}\n`
    if (column === 'listen-port') return parseConfig(this.#config ?? '').port?.toString() ?? '0'
    const line = (of: (peer: [string, string]) => string) =>
      [...(this.#peers ?? [])].map(peer => `${peer[0]}\t${of(peer)}\n`).join('')
    if (column === 'allowed-ips') return line(([, allowed]) => allowed)
    return line(() => (column === 'endpoints' ? '203.0.113.77:40000' : '1797112790'))
  }

  #set([, , , , key = '', word, allowed = '']: readonly string[]): Result {
    if (this.#peers === undefined) return failed('no such device')
    if (word === 'remove') this.#peers.delete(key)
    else this.#peers.set(key, allowed)
    return ''
  }

  #removeAll(directory: string): void {
    for (const path of [...this.files.keys()]) if (path.startsWith(`${directory}/`)) this.files.delete(path)
  }

  #script(name: string, given: readonly string[], input: string): Result {
    const [first = '', second = '', third = '', fourth = ''] = given
    switch (name) {
      case 'look.sh': {
        let count = 0
        const hidden = this.#config?.replaceAll(secretKeys, () => `(hidden-key-${++count})`)
        if (hidden === undefined) return 'absent\n'
        return `${sumOf(this.#config)} 600 root:root\n${hidden}.\n`
      }
      case 'keep.sh':
        if (!this.files.has(`${first}/kept`)) {
          if (this.#config !== undefined) this.files.set(`${first}/before`, this.#config)
          this.files.set(`${first}/kept`, `${sumOf(this.#config)} ${third}\n`)
        }
        return this.files.get(`${first}/kept`) ?? ''
      case 'write.sh': {
        if (this.#fails === 'write' || sumOf(this.#config) !== third)
          return failed('it was changed meanwhile', 3)
        const keys = this.#config?.match(secretKeys) ?? []
        const text = input
          .replace(/\.\n$/, '')
          .replaceAll(/\(hidden-key-(\d+)\)/g, (_, number: string) => keys[Number(number) - 1] ?? '')
        this.files.set(second, text).set(`${fourth}/after`, `${sumOf(text)}\n`)
        return `${sumOf(text)}\n`
      }
      case 'restore.sh':
        return this.#restore(first, second, third === 'any')
      case 'forget.sh':
        this.#removeAll(first)
        return ''
      case 'sync.sh':
        if (this.#peers === undefined) return failed('no such device')
        this.#peers = this.#peersIn(fourth)
        return ''
      case 'make-folder.sh': {
        const isThere = [...this.files.keys()].some(path => path.startsWith(`${first}/`))
        if (isThere && !this.files.has(`${first}/${second}`)) return failed('', 3)
        this.files.set(`${first}/${second}`, '')
        return ''
      }
      case 'remove-folder.sh':
        if (this.files.has(`${first}/${second}`)) this.#removeAll(first)
        return ''
      default:
        throw new Error(`no such script is known: ${name}`)
    }
  }

  #restore(directory: string, path: string, overOthers: boolean): Result {
    const kept = this.files.get(`${directory}/kept`)
    if (kept === undefined) return 'nothing-kept\n'
    const [was] = kept.split(' ')
    const now = sumOf(this.#config)
    if (now === was) return 'there\n'
    if (now !== this.files.get(`${directory}/after`)?.trim() && !overOthers) return 'changed\n'
    const before = this.files.get(`${directory}/before`)
    if (before === undefined) this.files.delete(path)
    else this.files.set(path, before)
    return 'restored\n'
  }
}

/** The host from which the tunnels are tried: its tunnels, and what answers through them and past them. */
export class VpnTester {
  #fails: 'silent' | 'open' | undefined
  readonly #resolves: Record<string, string>
  readonly #tunnels = new Map<string, { key: string; endpoint: string }>()

  /** Addresses of names. */
  constructor(resolves: Record<string, string>) {
    this.#resolves = { ...resolves }
  }

  /** `silent`: nothing answers, and curl is missing. `open`: who comes past the tunnel is let in, too. */
  fail(how: 'silent' | 'open'): void {
    this.#fails = how
  }
  /** Something on the way leads to another address. */
  resolve(name: string, address: string): void {
    this.#resolves[name] = address
  }

  state = () => [...this.#tunnels].sort()

  run(argv: readonly string[]): Result {
    const words = argv.join(' ')
    const at = argv.findIndex(word => word.endsWith('.sh'))
    const [namespace = '', , , key = '', dialled = ''] = argv.slice(at + 1)
    if (words.includes('missing-tools.sh')) return this.#fails === 'silent' ? 'curl\n' : ''
    if (words.includes('raise-tunnel.sh')) {
      const [name = '', port = ''] = dialled.split(':')
      this.#tunnels.set(namespace, { key, endpoint: `${this.#resolves[name] ?? name}:${port}` })
      return 'kernel\n'
    }
    if (words.includes('lower-tunnel.sh')) {
      this.#tunnels.delete(namespace)
      return ''
    }
    const tunnel = this.#tunnels.get(argv[3] ?? '')
    if (words.includes('wg show'))
      return tunnel ? `${tunnel.key}\t${tunnel.endpoint}\n` : failed('no such device')
    const isInside = argv[0] === 'ip' && tunnel !== undefined
    if (this.#fails === 'silent' || !(isInside || this.#fails === 'open'))
      return failed('curl: (28) timed out', 28)
    const site = argv[3] === 'bascule-source' ? 'montpellier' : 'toulouse'
    return `HTTP/1.1 200 OK\r\nX-Site: ${site}\r\n\r\n`
  }
}

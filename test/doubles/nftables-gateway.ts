import type { CommandResult } from '../../src/model/io.ts'

type Link = { kind: string; master?: string; up: boolean; filtering: boolean; addresses: string[] }
type Result = string | Partial<CommandResult>
const failed = (stderr: string, exitCode = 1): Result => ({ exitCode, stderr })

/** What `nft` holds: tables as text, in the order of their coming. A file or script takes effect whole or not at all. */
export class Ruleset {
  tables = new Map<string, string>()

  list = () => [...this.tables.values()].join('')

  /** Undefined when it was loaded; else what is wrong with it. */
  load(script: string): string | undefined {
    const next = new Map(this.tables)
    const statements = script.replaceAll(/^#.*$/gm, '')
    for (const [statement] of statements.matchAll(
      /^table [^\n]*\{\n(?:[^}\n][^\n]*\n|\n)*\}\n|^\S[^\n]*\n/gm,
    )) {
      const [verb, what, family, name] = statement.trim().split(/\s+/)
      if (verb === 'flush') next.clear()
      else if (verb === 'table') next.set(`${what} ${family}`, statement)
      else if (verb === 'add') next.set(`${family} ${name}`, next.get(`${family} ${name}`) ?? '')
      else if (verb === 'delete') {
        if (!next.delete(`${family} ${name}`)) return 'No such file or directory'
      } else return `syntax error, unexpected ${verb}`
    }
    this.tables = next
    return undefined
  }
}

/** Interfaces as `ip -batch` and `bridge -batch` change them: all the lines before the first that is refused. */
class Links {
  readonly links = new Map<string, Link>()
  readonly ids = new Map<string, Set<number>>()

  add(name: string, kind = '', more: Partial<Link> = {}): void {
    this.links.set(name, { kind, up: false, filtering: false, addresses: [], ...more })
  }

  shown = () =>
    JSON.stringify(
      [...this.links].map(([ifname, { kind, master, up, filtering, addresses }]) => ({
        ifname,
        ...(master !== undefined && { master }),
        flags: up ? ['UP'] : [],
        linkinfo: { info_kind: kind, info_data: { vlan_filtering: filtering ? 1 : 0 } },
        addr_info: addresses.map(one => {
          const [local, prefixlen] = one.split('/')
          return { local, prefixlen: Number(prefixlen), scope: 'global' }
        }),
      })),
    )
  vlans = () =>
    JSON.stringify(
      [...this.ids].map(([ifname, ids]) => ({ ifname, vlans: [...ids].map(vlan => ({ vlan })) })),
    )

  batch(program: string, lines: string): Result {
    for (const line of lines.split('\n').filter(Boolean))
      if (!(program === 'ip' ? this.#ip(line.split(' ')) : this.#bridge(line.split(' '))))
        return failed(`RTNETLINK answers: ${line}`)
    return ''
  }

  #ip([what = '', verb = '', ...rest]: string[]): boolean {
    if (what === 'address') {
      const [address = '', , device = ''] = rest
      const { addresses } = this.links.get(device) ?? {}
      if (addresses?.includes(address) !== (verb === 'del')) return false
      if (verb === 'add') addresses.push(address)
      else addresses?.splice(addresses.indexOf(address), 1)
      return true
    }
    const name = (rest[0] === 'link' ? rest[3] : rest[0]) ?? ''
    const link = this.links.get(name)
    if (verb === 'add') {
      if (rest[0] === 'link') this.add(name, 'vlan', { master: rest[1] ?? '' })
      else this.add(name, 'bridge', { filtering: rest.includes('vlan_filtering') })
      return link === undefined
    }
    if (link === undefined) return false
    if (verb === 'del') {
      this.links.delete(name)
      this.ids.delete(name)
      for (const [other, { kind, master }] of this.links)
        if (master === name && kind === 'vlan') this.links.delete(other)
        else if (master === name) this.#free(other)
    } else if (rest[1] === 'master') link.master = rest[2] ?? ''
    else if (rest[1] === 'nomaster') this.#free(name)
    else link.up = rest[1] === 'up'
    return true
  }

  #free(name: string): void {
    const { master: _, ...link } = this.links.get(name) as Link
    this.links.set(name, link)
    this.ids.delete(name)
  }

  #bridge([, verb, , device = '', , id]: string[]): boolean {
    const ids = this.ids.get(device) ?? new Set<number>()
    if (ids.has(Number(id)) !== (verb === 'del') || !this.links.has(device)) return false
    if (verb === 'add') this.ids.set(device, ids.add(Number(id)))
    else ids.delete(Number(id))
    if (ids.size === 0) this.ids.delete(device)
    return true
  }
}

/**
 * A gateway with its ruleset, its files, its interfaces and the timers of loads; what the scripts of the kind do there, by their
 * names. Timers are looked at before each call: the clock of a test moves only while it sleeps.
 */
export class NftablesGateway {
  readonly ruleset = new Ruleset()
  readonly files = new Map<string, string>()
  readonly links = new Links()
  /** Beyond what is asked of every gateway: a command’s first words, and its answer. */
  readonly says = new Map<string, Result>()
  #timers = new Map<string, { due: number; kept: string }>()

  state = () =>
    structuredClone({
      tables: [...this.ruleset.tables],
      files: [...this.files].sort(),
      links: [...this.links.links].sort(),
      ids: [...this.links.ids].sort(),
      timers: this.#timers.size,
    })

  write = (path: string, content: string) => void this.files.set(path, content)

  run(argv: readonly string[], input: string, now: number): Result {
    for (const [attempt, { due, kept }] of this.#timers) if (due <= now) this.#revert(attempt, kept)
    const words = argv.join(' ')
    for (const [begin, answer] of this.says) if (words.includes(begin)) return answer
    const at = argv.findIndex(word => word.endsWith('.sh'))
    if (at >= 0) return this.#script(argv[at] ?? '', argv.slice(at + 1), input, now)
    const path = argv.at(-1) ?? ''
    if (words === 'nft -s list ruleset') return this.ruleset.list()
    if (words.startsWith('nft -c -f')) return this.#tried(path === '-' ? input : this.files.get(path))
    if (words.startsWith('nft -f')) return this.#loaded(this.files.get(path))
    if (words === 'nft --version') return 'nftables v1.0.6'
    if (words.startsWith('bash -c')) return '5.2.15'
    if (words === 'ip -j -d address show') return this.links.shown()
    if (words === 'bridge -j vlan show') return this.links.vlans()
    if (argv[1] === '-batch') return this.links.batch(argv[0] ?? '', input)
    if (words.startsWith('ip -j route get')) return JSON.stringify([{ dev: 'wan' }])
    if (words === 'cat /proc/sys/net/ipv4/ip_forward') return '1'
    if (argv[0] === 'cat') return this.files.get(path) ?? failed('No such file or directory')
    if (argv[0] === 'sha256sum') return `${this.files.has(path) ? 'a1b2' : ''}  ${path}`
    if (argv[0] === 'stat') return this.files.has(path) ? '644' : failed('No such file or directory')
    if (argv[0] === 'grep') return failed('')
    if (argv[0] === 'mkdir') return ''
    if (argv[0] === 'rm') return this.files.delete(path) ? '' : { exitCode: 0 }
    throw new Error(`no such command is known: ${words}`)
  }

  #tried(text = ''): Result {
    const before = this.ruleset.tables
    const result = this.#loaded(text)
    this.ruleset.tables = before
    return result
  }
  #loaded(text = ''): Result {
    const wrong = this.ruleset.load(text)
    return wrong === undefined ? '' : failed(wrong)
  }
  #removeAll(directory: string): void {
    for (const path of [...this.files.keys()]) if (path.startsWith(`${directory}/`)) this.files.delete(path)
    for (const attempt of [...this.#timers.keys()])
      if (attempt.startsWith(directory)) this.#timers.delete(attempt)
  }
  #revert(attempt: string, kept: string): void {
    this.#timers.delete(attempt)
    this.ruleset.load(this.files.get(`${attempt}/revert.nft`) ?? '')
    this.files
      .set(`${attempt}/reverted`, '2026-12-12T22:00:30Z\n')
      .set(`${kept}/reverted`, '2026-12-12T22:00:30Z\n')
  }

  #script(
    name: string,
    [first = '', second = '', third = '', ...rest]: string[],
    input: string,
    now: number,
  ): Result {
    switch (name) {
      case 'record.sh': {
        const path = `${first}/before.nft`
        if (!this.files.has(path)) this.files.set(path, this.ruleset.list())
        return this.files.get(path) ?? ''
      }
      case 'arm.sh':
        this.#timers.set(second, { kept: third, due: now + Number(rest[0]) * 1000 })
        return ''
      case 'load.sh':
        return this.#timers.has(first) ? this.#loaded(this.files.get(`${first}/load.nft`)) : failed('', 11)
      case 'confirm.sh':
        if (!this.#timers.has(second)) return failed('', 10)
        this.files.set(`${third}/loaded.nft`, this.ruleset.tables.get(rest.join(' ')) ?? '')
        this.files.delete(`${third}/reverted`)
        this.#removeAll(second)
        return ''
      case 'take-back.sh':
        for (const [attempt, { kept }] of this.#timers) {
          this.#revert(attempt, kept)
          this.files.delete(`${kept}/reverted`)
        }
        this.#removeAll(second)
        return ''
      case 'is-loaded.sh': {
        const loaded = this.files.get(`${first}/loaded.nft`)
        const isSame = loaded !== undefined && this.ruleset.tables.get(`${third} ${rest[0]}`) === loaded
        const isDeclared = this.files.get(`${first}/declared.nft`) === input
        return isSame && isDeclared && this.#timers.size === 0 ? '' : failed('')
      }
      case 'keep-file.sh': {
        const isKept = this.files.has(`${second}/before`) || this.files.has(`${second}/absent`)
        const content = this.files.get(first)
        if (!isKept) this.files.set(`${second}/${content === undefined ? 'absent' : 'before'}`, content ?? '')
        return ''
      }
      case 'put-file-back.sh': {
        const kept = this.files.get(`${second}/before`)
        if (kept !== undefined) this.files.set(first, kept)
        else if (this.files.has(`${second}/absent`)) this.files.delete(first)
        return ''
      }
      case 'boot.sh': {
        const booted = new Ruleset()
        const wrong = booted.load(this.files.get(first) ?? '')
        const table = booted.tables.get(`${second} ${third}`)
        return wrong === undefined && table !== undefined ? table : failed(wrong ?? 'no such table')
      }
      case 'forget.sh':
        this.#removeAll(first)
        return ''
      case 'connection.sh':
        return '10.80.4.99 50000 10.80.4.12 22\n'
      case 'boot-state.sh':
        return 'enabled\n'
      default:
        throw new Error(`no such script is known: ${name}`)
    }
  }
}

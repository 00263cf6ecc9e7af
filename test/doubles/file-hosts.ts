import { createHash } from 'node:crypto'
import type { Argv, ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'
import { commandFailed } from '../../src/transport/command-failures.ts'

type Answer = Partial<CommandResult>
/** Times in seconds since 1970: what a copy keeps, and what the host itself notes at every change. */
export type FileEntry = { content: string; modified: number; changed: number }
/** As a restart leaves it: the note stays, the mount does not. */
type Fence = { isNoted: boolean; isMounted: boolean }

/** One end of a copy: regular files in one directory, the fence over them and the working files beside. */
export class FileHost {
  readonly name: string
  readonly tree = new Map<string, FileEntry>()
  readonly workFiles = new Map<string, string>()
  readonly fence: Fence = { isNoted: false, isMounted: false }
  hasTree: boolean

  constructor(name: string, hasTree: boolean) {
    this.name = name
    this.hasTree = hasTree
  }

  get isFenced(): boolean {
    return this.fence.isNoted && this.fence.isMounted
  }
}

const root = '/srv/files'
const done = { exitCode: 0, stdout: '', stderr: '' }
const noRoom: Answer = { exitCode: 11, stderr: 'write failed: No space left on device (28)\n' }
const linkLost: Answer = {
  exitCode: 255,
  stderr: 'ssh: connect to host 10.0.2.2 port 22: Connection timed out\n',
}

/** Both ends of a tree of files in memory: rsync, find and the scripts of the kind `files`, as far as it asks them. */
export class FileHosts {
  readonly source: FileHost
  readonly target: FileHost
  /** Whether one end reaches the other. */
  reaches: (from: string, to: string) => boolean = () => true
  hasRoom: (host: string) => boolean = () => true
  readonly #now: () => number

  /** `now`: seconds since 1970. */
  constructor(names: { source: string; target: string }, now: () => number) {
    this.source = new FileHost(names.source, true)
    this.target = new FileHost(names.target, false)
    this.#now = now
  }

  readonly io: ChangeIo = {
    read: async (host, argv, options) => this.#run(host, argv, options),
    change: async (host, argv, options) => this.#run(host, argv, options),
    writeFile: async (host, path, content) => this.#write(this.#at(host), path, content),
  } as Partial<ChangeIo> as ChangeIo

  /** A write of somebody at the host. */
  put(host: FileHost, name: string, content: string, modified: number): void {
    host.tree.set(name, { content, modified, changed: this.#now() })
  }

  #at(name: string): FileHost {
    return name === this.source.name ? this.source : this.target
  }

  #otherThan(host: FileHost): FileHost {
    return host === this.source ? this.target : this.source
  }

  #reachesOther(host: FileHost): boolean {
    return this.reaches(host.name, this.#otherThan(host).name)
  }

  #run(name: string, argv: Argv, options: CommandOptions = {}): CommandResult {
    const host = this.#at(name)
    const answer = this.#answer(host, argv, options.input ?? '')
    if (answer === undefined) throw new Error(`no answer to ${argv.slice(3).join(' ') || argv.join(' ')}`)
    const result = { ...done, ...answer }
    for (const line of result.stdout.split('\n')) options.onLine?.(line)
    if (result.exitCode === 0 || options.allowFailure === true) return result
    throw commandFailed(name, argv, result)
  }

  #answer(host: FileHost, argv: Argv, input: string): Answer | undefined {
    const [program = '', ...rest] = argv
    if (program === 'sh') return this.#script(host, rest.slice(2), input)
    const path = rest.at(-1) ?? ''
    switch (program) {
      case 'rsync':
        return path === '--version'
          ? { stdout: 'rsync  version 3.2.7  protocol version 31\n' }
          : this.#rsync(host, rest, input)
      case 'ssh':
        return this.#reachesOther(host) ? {} : linkLost
      case 'getfattr':
      case 'getent':
        return {}
      case 'find':
        return this.#find(host, rest)
      case 'date':
        return { stdout: `${Math.floor(this.#now())}\n` }
      case 'df':
        return {
          stdout: `Type Mounted Avail IFree\next4 ${host.isFenced ? root : '/srv'} 1000000000 1000000\n`,
        }
      case 'mkdir':
        if (path === root) host.hasTree = true
        return {}
      case 'rmdir':
        if (path === root) host.hasTree = false
        return {}
      case 'rm':
        return this.#remove(host, path)
      case 'sync':
        return {}
      case 'cat': {
        if (path === '/proc/self/status') return { stdout: 'CapEff:\t000001ffffffffff\n' }
        const content = this.#read(host, path)
        return content === undefined
          ? { exitCode: 1, stderr: `cat: ${path}: No such file or directory\n` }
          : { stdout: content }
      }
      case 'test':
        return {
          exitCode: path === root ? Number(!host.hasTree) : Number(this.#read(host, path) === undefined),
        }
    }
    return undefined
  }

  #script(host: FileHost, [name = '', ...values]: readonly string[], input: string): Answer | undefined {
    switch (name) {
      case 'print-names.sh': {
        const answer = this.#answer(host, values.slice(1), '')
        return answer && { ...answer, stdout: Buffer.from(answer.stdout ?? '', 'latin1').toString('base64') }
      }
      case 'give-names.sh': {
        const names = Buffer.from(input, 'base64').toString('latin1')
        const isDeletion = values[0] === 'xargs'
        return this.#answer(host, isDeletion ? values.slice(3) : values, names)
      }
      case 'delete-listed.sh': {
        const there = namesOf(input).filter(one => host.tree.delete(one))
        return { stdout: `${there.length}\n` }
      }
      case 'compare-names.sh':
        return this.#compareNames(host)
      case 'manifest.sh':
        return host.hasTree
          ? { stdout: `${this.#manifest(host)}  -\n` }
          : { exitCode: 1, stderr: 'cd: no tree\n' }
      case 'fence.sh':
        return this.#fence(host, values, input)
      case 'missing-programs.sh':
      case 'note-deletions.sh':
      case 'end-leftovers.sh':
      case 'mount-tables.sh':
      case 'open-below.sh':
        return {}
    }
    return undefined
  }

  #fence(host: FileHost, [verb, , , ...program]: readonly string[], input: string): Answer | undefined {
    const { fence } = host
    switch (verb) {
      case 'put':
        if (!this.hasRoom(host.name)) return noRoom
        Object.assign(fence, { isNoted: true, isMounted: true })
        return {}
      case 'lift':
        Object.assign(fence, { isNoted: false, isMounted: false })
        return {}
      case 'state':
        return { stdout: `${fence.isNoted ? (fence.isMounted ? 'put' : 'gone') : 'none'}\n` }
      case 'through': {
        // a mount of its own, that ends with the program
        const { isMounted } = fence
        fence.isMounted = false
        const answer = this.#answer(host, program, input)
        fence.isMounted = isMounted
        return answer
      }
    }
    return undefined
  }

  #compareNames(here: FileHost): Answer {
    const there = this.#otherThan(here)
    if (!this.#reachesOther(here)) return linkLost
    const only = (one: FileHost, other: FileHost): string =>
      encoded([...one.tree.keys()].filter(name => !other.tree.has(name)))
    return { stdout: `${only(here, there)}\n${only(there, here)}\n${here.tree.size}\n` }
  }

  #manifest({ tree }: FileHost): string {
    const fields = [...tree].map(([name, { content, modified }]) => `${name} ${content.length} ${modified}`)
    return createHash('sha256').update(fields.sort().join('\n')).digest('hex')
  }

  #find(host: FileHost, argv: readonly string[]): Answer {
    if (!host.hasTree) return { exitCode: 1, stderr: `find: '${argv[0]}': No such file or directory\n` }
    // there are no documents, no directories and no parts of files
    const isDirectories = argv.includes('-type') && !argv.includes('!')
    if (isDirectories || argv.includes('-iname')) return {}
    if (argv.includes('-delete')) {
      if (argv.includes('-xdev')) host.tree.clear()
      return {}
    }
    if (argv.includes('-quit')) return { stdout: [...host.tree.keys()].slice(0, 1).join('') }
    if (argv.some(word => word.startsWith('%y'))) return { stdout: this.#survey(host) }
    const since = Number(argv[argv.indexOf('-newerct') + 1]?.slice(1))
    const names = [...host.tree].flatMap(([name, { changed }]) => (changed > since ? [name] : []))
    return { stdout: names.map(name => `${name}\0`).join('') }
  }

  /** A file a line: type, size, links, user, group, modified, changed, device, inode. */
  #survey({ tree }: FileHost): string {
    const lines = [...tree.values()].map(
      ({ content, modified, changed }, inode) =>
        `f ${content.length} 1 33 33 ${modified} ${changed} 1 ${inode}`,
    )
    return `${lines.join('\n')}\n`
  }

  #rsync(host: FileHost, argv: readonly string[], input: string): Answer {
    const there = this.#otherThan(host)
    if (!this.#reachesOther(host)) return linkLost
    const has = (option: string): boolean => argv.includes(option)
    const wordOf = (option: string): string | undefined =>
      argv.find(word => word.startsWith(`${option}=`))?.slice(option.length + 1)
    const isBack = argv.at(-2)?.includes(':') === true
    const [from, to] = isBack ? [there, host] : [host, there]
    if (!from.hasTree)
      return { exitCode: 23, stderr: 'rsync: change_dir failed: No such file or directory\n' }
    const one = argv.at(-2)?.split(`${root}/`)[1] ?? ''
    const listed = has('--files-from=-') ? namesOf(input).map(name => name.slice(1)) : undefined
    const names = (listed ?? (one === '' ? [...from.tree.keys()] : [one])).filter(name => from.tree.has(name))
    const isDry = has('--dry-run')
    if (to.isFenced && !isDry)
      return { exitCode: 23, stderr: 'rsync: mkstemp failed: Read-only file system (30)\n' }
    if (!isDry && !this.hasRoom(to.name)) return noRoom
    const kept = new Map<string, string>()
    const items: string[] = []
    let sentFiles = 0
    let sentBytes = 0
    for (const name of names) {
      const [sent, had] = [from.tree.get(name), to.tree.get(name)]
      if (sent === undefined) continue
      const isLike = had?.modified === sent.modified && had.content.length === sent.content.length
      const isSame = isLike && (!has('--checksum') || had?.content === sent.content)
      if (isSame) continue
      const isOnlyTime = has('--checksum') && had?.content === sent.content
      items.push(
        `${isOnlyTime ? '.' : '<'}f${had === undefined ? '+++++++++' : isLike ? 'c........' : '.st......'} ${name}`,
      )
      sentFiles += isOnlyTime ? 0 : 1
      sentBytes += isOnlyTime ? 0 : sent.content.length
      if (isDry) continue
      if (had !== undefined) kept.set(name, had.content)
      to.tree.set(name, { content: sent.content, modified: sent.modified, changed: this.#now() })
    }
    const surplus =
      has('--delete') && one === '' ? [...to.tree.keys()].filter(name => !from.tree.has(name)) : []
    const most = Number(wordOf('--max-delete') ?? Number.POSITIVE_INFINITY)
    for (const name of surplus.slice(0, most)) {
      items.push(`*deleting   ${name}`)
      if (isDry) continue
      kept.set(name, to.tree.get(name)?.content ?? '')
      to.tree.delete(name)
    }
    const keptIn = wordOf('--backup-dir')
    if (keptIn !== undefined)
      for (const [name, content] of kept) to.workFiles.set(`${keptIn}/${name}`, content)
    const totalBytes = names.reduce((sum, name) => sum + (from.tree.get(name)?.content.length ?? 0), 0)
    const said = [
      ...(argv.some(word => word.startsWith('--out-format')) ? items : []),
      `Number of files: ${names.length}`,
      `Number of deleted files: ${Math.min(surplus.length, most)}`,
      `Number of regular files transferred: ${sentFiles}`,
      `Total file size: ${totalBytes} bytes`,
      `Total transferred file size: ${sentBytes} bytes`,
    ]
    return { stdout: `${said.join('\n')}\n`, exitCode: surplus.length > most ? 25 : 0 }
  }

  #read(host: FileHost, path: string): string | undefined {
    return path.startsWith(`${root}/`)
      ? host.tree.get(path.slice(root.length + 1))?.content
      : host.workFiles.get(path)
  }

  #write(host: FileHost, path: string, content: string): void {
    if (!path.startsWith(`${root}/`)) host.workFiles.set(path, content)
    else this.put(host, path.slice(root.length + 1), content, this.#now())
  }

  #remove(host: FileHost, path: string): Answer {
    if (!path.startsWith(`${root}/`)) host.workFiles.delete(path)
    else if (host.isFenced && host.tree.has(path.slice(root.length + 1)))
      return { exitCode: 1, stderr: `rm: cannot remove '${path}': Read-only file system\n` }
    else host.tree.delete(path.slice(root.length + 1))
    return {}
  }
}

const namesOf = (list: string): string[] => list.split('\0').filter(name => name !== '')
const encoded = (names: readonly string[]): string =>
  Buffer.from(names.map(name => `${name}\0`).join(''), 'latin1').toString('base64')

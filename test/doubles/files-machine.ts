import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { ChangeIo, CommandOptions, CommandResult } from '../../src/model/io.ts'

/** Forgets the options and the host, and runs the command here, as sshd would: by a shell. */
const ssh = `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in -o) shift 2 ;; --) shift; break ;; -*) shift ;; *) break ;; esac
done
shift
exec sh -c "$*"
`
const hosts = ['source', 'target'] as const
type HostName = (typeof hosts)[number]

/**
 * Both hosts of a tree of files as two folders of this machine, with the machine's own rsync and find between them. Needs no root.
 * Each host's working files (below /var/lib/bascule) lie in its folder.
 */
export class FilesMachine {
  private readonly place: string
  readonly root: string
  readonly io: ChangeIo

  /** `root`: where plan and worlds agree that the trees lie; it leads to this world's own folder beside it. */
  constructor(root: string) {
    this.root = root
    this.place = mkdtempSync(join(dirname(root), 'world-'))
    rmSync(root, { force: true })
    symlinkSync(this.place, root)
    for (const host of hosts) mkdirSync(join(this.place, host, 'work'), { recursive: true })
    this.put('bin/ssh', ssh)
    // to the disk, not before the tests end
    this.put('bin/sync', '#!/bin/sh\n')
    this.put('source/tree/docs/kept', 'kept')
    this.put('source/tree/docs/report.pdf', '%PDF-1.4\n%%EOF\n')
    this.put('source/tree/gone/deep/file', 'gone')
    this.put('source/tree/docs/old', 'old')
    symlinkSync('docs/kept', join(this.place, 'source/tree/link'))
    this.sameTimes()
    this.io = {
      read: this.run,
      change: this.run,
      writeFile: async (host: string, path: string, content: string) =>
        this.put(this.mapped(host, path).slice(root.length + 1), content),
      sleep: async () => {},
      now: () => new Date().toISOString(),
      report: () => {},
      signal: new AbortController().signal,
    } as unknown as ChangeIo
  }

  put(name: string, content: string): void {
    mkdirSync(dirname(join(this.place, name)), { recursive: true })
    writeFileSync(join(this.place, name), content, { mode: name.startsWith('bin/') ? 0o755 : 0o644 })
  }
  remove(name: string): void {
    rmSync(join(this.place, name), { recursive: true, force: true })
  }
  close(): void {
    rmSync(this.place, { recursive: true, force: true })
  }

  /** Both trees, contents and times included, and whether the copy is noted as ours. */
  state(): unknown {
    const noted = readdirSync(join(this.place, 'target/work'), { recursive: true, encoding: 'utf8' })
    return {
      source: this.tree('source'),
      target: this.tree('target'),
      brought: noted.some(name => name.endsWith('.brought')),
      fenced: this.isFenced,
    }
  }

  /** Every entry of the source is as old in every world. */
  private sameTimes(): void {
    const root = join(this.place, 'source/tree')
    if (!existsSync(root)) return
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      lutimesSync(join(root, name), 1_700_000_000, 1_700_000_000)
  }

  private tree(host: HostName): string[] | undefined {
    const root = join(this.place, host, 'tree')
    if (!existsSync(root)) return undefined
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .sort()
      .map(name => {
        const path = join(root, name)
        const status = lstatSync(path)
        const content = status.isSymbolicLink()
          ? readlinkSync(path)
          : status.isFile()
            ? createHash('sha256').update(readFileSync(path)).digest('hex')
            : ''
        return `${name} ${status.mode} ${status.mtimeMs} ${content}`
      })
  }

  private mapped = (host: string, word: string): string =>
    word.replace('/var/lib/bascule', join(this.root, host, 'work'))

  private isFenced = false

  /** Mounts are root's, and this machine's: what the scripts of the write fence come to. */
  private fence(argv: readonly string[]): CommandResult | { program: readonly string[] } | undefined {
    const [, , , script, verb, , , ...program] = argv
    const said = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' })
    if (script === 'mount-tables.sh' || script === 'open-below.sh') return said('')
    if (script !== 'fence.sh') return undefined
    if (verb === 'through') return { program }
    if (verb === 'put') this.isFenced = true
    if (verb === 'lift') this.isFenced = false
    return said(verb !== 'state' ? '' : this.isFenced ? 'put\n' : 'none\n')
  }

  private run = async (
    host: string,
    argv: readonly string[],
    { input = '', allowFailure, onLine }: CommandOptions = {},
  ): Promise<CommandResult> => {
    // the last delta begins: files that were there when everything was proven have been deleted meanwhile
    if (host === 'source' && argv[0] === 'mkdir') {
      this.remove('source/tree/gone')
      this.remove('source/tree/docs/old')
      this.sameTimes()
    }
    const fence = this.fence(argv)
    if (fence !== undefined && 'stdout' in fence) return fence
    const [file = '', ...rest] = (fence?.program ?? argv).map(word => this.mapped(host, word))
    const ended = await execa(file, rest, {
      input,
      reject: false,
      stripFinalNewline: false,
      env: { PATH: `${join(this.root, 'bin')}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
    })
    const { exitCode = 127, stdout = '', stderr = '' } = ended
    for (const line of stdout.split(/[\r\n]/)) onLine?.(line)
    if (exitCode !== 0 && allowFailure !== true)
      throw new Error(`${file} ended with ${exitCode} on ${host}: ${stderr}`)
    return { exitCode, stdout, stderr }
  }
}
